import type { RunState } from '@orchestra/contracts';

/** One new revision of a run: `position` grows by one with each. */
export interface Change {
  position: number;
  run: RunState;
}

/** What one process has seen change, the last thousand changes of it. */
export interface ChangeLog {
  /** Compares runs (newest first) with what was seen; returns the new revisions, oldest run first. */
  take(runs: readonly RunState[]): readonly Change[];
  /** The newest revision of each run that changed after a position, in order; null: the position is too old, or none of ours. */
  since(position: number): readonly Change[] | null;
  position(): number;
}

const remembered = 1000;

/** Makes an empty log; its first position is 1. */
export function createChangeLog(): ChangeLog {
  let revisions = new Map<string, number>();
  let changes: Change[] = [];
  let position = 0;
  return { take, since, position: () => position };

  function take(runs: readonly RunState[]): readonly Change[] {
    const changed = runs.filter(({ runId, v }) => revisions.get(runId) !== v).toReversed();
    const fresh = changed.map((run, index): Change => ({ position: position + index + 1, run }));
    position += fresh.length;
    changes = [...changes, ...fresh].slice(-remembered);
    // Only what is still looked at can change again.
    revisions = new Map(runs.map(({ runId, v }) => [runId, v]));
    return fresh;
  }

  function since(at: number): readonly Change[] | null {
    const oldest = changes[0]?.position ?? 1;
    if (!Number.isSafeInteger(at) || at < oldest - 1 || at > position) return null;
    const newest = new Map<string, Change>();
    for (const change of changes.filter((each) => each.position > at)) newest.set(change.run.runId, change);
    return [...newest.values()].toSorted((left, right) => left.position - right.position);
  }
}
