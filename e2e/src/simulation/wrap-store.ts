import type { ArtifactStore, RunStore } from '@orchestra/runtime';
import type { Actor } from './actor.ts';
import type { Area } from './fault-plan.ts';
import { makeCall, type Network } from './reach.ts';

/** The run store as one process has it: every step is a call that can go wrong, and hints can get lost. */
export function wrapStore(store: RunStore, network: Network, actor: Actor): RunStore {
  const { timeline, faults } = network;
  const onWake: RunStore['onWake'] = (service, hint, listener) => {
    let isOnItsWay = false;
    const stop = store.onWake(service, hint, () => {
      if (isOnItsWay || !actor.alive || (!faults.isHealed() && faults.random.chance(faults.plan.lostHint))) return;
      isOnItsWay = true;
      timeline.after(faults.random.next() * 2, actor, () => {
        isOnItsWay = false;
        listener();
      });
    });
    actor.onDeath.add(stop);
    return stop;
  };
  return wrapCalls(store, network, { actor, prefix: 'store', area: 'store', own: { onWake, close: async () => {} } });
}

/** The artifact store as one process has it. */
export function wrapArtifacts(artifacts: ArtifactStore, network: Network, actor: Actor): ArtifactStore {
  return wrapCalls(artifacts, network, { actor, prefix: 'artifacts', area: 'artifacts', own: {} });
}

interface Wrapped<T> {
  actor: Actor;
  prefix: string;
  area: Area;
  /** Methods that are no calls. */
  own: Partial<T>;
}

const looks = /^(?:read|list|find|stats|identity|nextDue|has|open)/;

function wrapCalls<T extends object>(port: T, network: Network, { actor, prefix, area, own }: Wrapped<T>): T {
  const made = new Map<PropertyKey, unknown>(Object.entries(own));
  return new Proxy(port, {
    get(target, name) {
      if (!made.has(name)) made.set(name, wrapOne(target, name));
      return made.get(name);
    },
  });

  function wrapOne(target: T, name: string | symbol): unknown {
    const method: unknown = Reflect.get(target, name);
    if (typeof method !== 'function') return method;
    const call = { name: `${prefix}.${String(name)}`, area, reads: looks.test(String(name)) };
    return (...values: unknown[]): unknown =>
      makeCall(network, actor, { ...call, work: () => Reflect.apply(method, target, values) });
  }
}
