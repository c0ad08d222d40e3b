import type { Releases } from './ports.ts';

/** What a world says where nothing else is asked of it. */
export const serving = { epoch: 1, url: 'http://127.0.0.1:4001', releases: [] };

/** A world in which everything succeeds; `change` says what differs. */
export function anObligingWorld(change: Partial<Releases> = {}): Releases {
  return {
    notes: async () => [],
    demandSandbox: async () => {},
    look: async () => serving,
    claim: async () => serving,
    bringUp: async () => serving,
    share: async () => serving,
    retire: async () => {},
    giveBack: async () => serving,
    tend: async () => {},
    ...change,
  };
}

/** The same, which tells its effects. */
export function aTellingWorld(effects: string[]): Releases {
  const effect = (what: string) => async () => {
    effects.push(what);
    return serving;
  };
  return anObligingWorld({
    claim: effect('claim'),
    bringUp: effect('bringUp'),
    share: effect('share'),
    retire: async () => void effects.push('retire'),
    giveBack: effect('giveBack'),
  });
}

export function never(): Promise<never> {
  return Promise.reject(new Error('the world was touched'));
}

/** A world that nobody may touch, but for what `change` says. */
export function anUntouchedWorld(change: Partial<Releases> = {}): Releases {
  return {
    notes: never,
    demandSandbox: never,
    look: never,
    claim: never,
    bringUp: never,
    share: never,
    retire: never,
    giveBack: never,
    tend: never,
    ...change,
  };
}
