import { parseTarget, type Target } from '@orchestra/contracts';
import type { TargetWrite } from '@orchestra/runtime';

/** A store of one target, whatever it is asked for: as it is read there and changed, and `state` says how it stands. */
export function keepTarget(target: Target) {
  const state = { target, version: 1 };
  const readTarget = async (key: string) => ({ key, version: state.version, target: JSON.stringify(state.target) });
  const changeTarget = async (write: TargetWrite) => {
    state.target = parseTarget(JSON.stringify(write.target));
    state.version += 1;
    return 'finished' as const;
  };
  return { state, store: { readTarget, readQuarantine: async () => [] }, changeTarget };
}

/** A store of targets by their keys, in which a write that was decided on an older version is refused. */
export function keepTargets(targets: Readonly<Record<string, Target>> = {}) {
  const kept = new Map(
    Object.entries(targets).map(([key, target]) => [key, { version: 1, target: JSON.stringify(target) }]),
  );
  const readTarget = async (key: string) => {
    const found = kept.get(key);
    return found === undefined ? null : { key, ...found };
  };
  const listTargets = async () => [...kept].map(([key, found]) => ({ key, ...found }));
  const changeTarget = async ({ key, expected, target }: TargetWrite) => {
    if ((kept.get(key)?.version ?? 0) !== expected) return 'target_moved' as const;
    kept.set(key, { version: expected + 1, target: JSON.stringify(target) });
    return 'finished' as const;
  };
  return {
    store: { readTarget, listTargets, readQuarantine: async () => [] },
    changeTarget,
    targetOf: (key: string) => parseTarget(kept.get(key)?.target ?? '{}'),
  };
}
