import type { CommitStatus, Forge } from '@orchestra/adapters/forge';
import type { EffectLedger } from './effect-ledger.ts';
import type { Reach } from './reach.ts';

/** A forge that shows statuses beside commits. */
export interface FakeForge {
  /** What is shown now, by repository, commit and context. */
  readonly shown: ReadonlyMap<string, CommitStatus>;
  /** The forge of one process. */
  connect(reach: Reach): Forge;
}

/** Creates a forge without statuses. A status replaces the one of its context. */
export function createFakeForge(ledger: EffectLedger): FakeForge {
  const shown = new Map<string, CommitStatus>();
  return {
    shown,
    connect: (reach) => ({
      setStatus: (status, signal) =>
        reach.call(
          'forge.setStatus',
          () => {
            const { repository, commit, context, state, description } = status;
            const place = `${repository} ${commit} ${context}`;
            const before = shown.get(place);
            const changed = before?.state !== state || before.description !== description;
            shown.set(place, status);
            const key = `${place}: ${state}, ${description}`;
            ledger.record({ kind: 'commit_status', key, changed, by: reach.by });
          },
          signal,
        ),
    }),
  };
}
