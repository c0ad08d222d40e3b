import type { Backends, EventBus, Intake } from '@orchestra/runtime';

/** One life of a service. Once it is over nothing of the service is heard or done any more, as after SIGKILL. */
export interface Life {
  /** A port as the service has it: who calls it when the life is over gets no answer, and neither does who waits then. */
  hold<T extends object>(port: T): T;
  backends(backends: Backends): Backends;
  end(): void;
  /** Lets go of what still waits in a life that is over. */
  bury(): void;
}

interface Course {
  isOver: boolean;
  endings: Set<() => void>;
  never: Promise<never>;
}

export function createLife(): Life {
  const { promise: never, reject } = Promise.withResolvers<never>();
  // Not everybody waits for what was asked.
  never.catch(() => {});
  const course: Course = { isOver: false, endings: new Set(), never };
  return {
    hold: (port) => hold(port, course),
    backends(all) {
      const { store, bus, artifacts, logs } = all;
      const held = { artifacts: hold(artifacts, course), logs: hold(logs, course) };
      return { ...all, ...held, store: holdStore(store, course), bus: holdBus(bus, course) };
    },
    end() {
      course.isOver = true;
      for (const ending of course.endings) ending();
    },
    bury: () => reject(new Error('This life is over')),
  };
}

function hold<T extends object>(port: T, course: Course): T {
  return new Proxy(port, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      return (...values: unknown[]): unknown =>
        course.isOver ? course.never : answerOf(Reflect.apply(method, target, values), course);
    },
  });
}

function answerOf(answer: unknown, course: Course): unknown {
  if (!(answer instanceof Promise)) return answer;
  return answer.then((value: unknown) => (course.isOver ? course.never : value));
}

function holdStore(store: Backends['store'], course: Course): Backends['store'] {
  const held = hold(store, course);
  const onWake: typeof store.onWake = (service, hint, listener) => {
    const stop = store.onWake(service, hint, listener);
    course.endings.add(stop);
    return stop;
  };
  return new Proxy(held, { get: (target, name) => (name === 'onWake' ? onWake : Reflect.get(target, name)) });
}

// What it has in hand comes again to whoever is next.
function holdBus(bus: EventBus, course: Course): EventBus {
  const held = hold(bus, course);
  const over = new Promise<Intake>((resolve) => {
    course.endings.add(() => resolve('later'));
  });
  const subscribe: EventBus['subscribe'] = async (wanted) => {
    const onRecord: typeof wanted.onRecord = async (record) =>
      course.isOver ? 'later' : Promise.race([wanted.onRecord(record), over]);
    const subscription = await bus.subscribe({ ...wanted, onRecord });
    course.endings.add(() => void subscription.stop());
    return subscription;
  };
  return new Proxy(held, { get: (target, name) => (name === 'subscribe' ? subscribe : Reflect.get(target, name)) });
}
