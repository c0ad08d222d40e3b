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

export function createLife(): Life {
  const endings = new Set<() => void>();
  let isOver = false;
  let bury = (): void => {};
  const never = new Promise<never>((_resolve, reject) => {
    bury = () => reject(new Error('This life is over'));
  });
  // Not everybody waits for what was asked.
  never.catch(() => {});
  return { hold, backends, end, bury: () => bury() };

  function end(): void {
    isOver = true;
    for (const ending of endings) ending();
  }

  function hold<T extends object>(port: T): T {
    return new Proxy(port, {
      get(target, name) {
        const method: unknown = Reflect.get(target, name);
        return typeof method === 'function' ? (...values: unknown[]) => call(target, method, values) : method;
      },
    });
  }

  function call(target: object, method: Parameters<typeof Reflect.apply>[0], values: readonly unknown[]): unknown {
    if (isOver) return never;
    const answer: unknown = Reflect.apply(method, target, values);
    return answer instanceof Promise ? answer.then((value: unknown) => (isOver ? never : value)) : answer;
  }

  function backends(all: Backends): Backends {
    const { store, bus, artifacts, logs } = all;
    return { ...all, store: storeOf(store), bus: busOf(bus), artifacts: hold(artifacts), logs: hold(logs) };
  }

  function storeOf(store: Backends['store']): Backends['store'] {
    const onWake: typeof store.onWake = (service, listener) => {
      const stop = store.onWake(service, listener);
      endings.add(stop);
      return stop;
    };
    return new Proxy(hold(store), { get: (held, name) => (name === 'onWake' ? onWake : Reflect.get(held, name)) });
  }

  // What it has in hand comes again to whoever is next.
  function busOf(bus: EventBus): EventBus {
    const over = new Promise<Intake>((resolve) => {
      endings.add(() => resolve('later'));
    });
    const subscribe: EventBus['subscribe'] = async (wanted) => {
      const onRecord: typeof wanted.onRecord = async (record) =>
        isOver ? 'later' : Promise.race([wanted.onRecord(record), over]);
      const subscription = await bus.subscribe({ ...wanted, onRecord });
      endings.add(() => void subscription.stop());
      return subscription;
    };
    return { ...hold(bus), publish: async (records) => hold(bus).publish(records), subscribe };
  }
}
