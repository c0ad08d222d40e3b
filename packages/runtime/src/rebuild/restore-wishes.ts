import { isOf, readTargetUnit, type WishKind } from '@orchestra/contracts';
import type { RunStore } from '../ports/run-store.ts';
import type { RunFacts } from './facts.ts';

/** Sets the wishes on runs that have not ended: what people and newer pushes asked for before the store was lost. */
export async function restoreWishes(store: RunStore, runs: readonly RunFacts[]): Promise<void> {
  for (const run of runs) {
    if (run.standing.unfinished.size === 0) continue;
    for (const wish of wishesOf(run, runs)) {
      await store.setWish({
        runId: run.folded.runId,
        wish,
        generation: run.folded.generation,
        units: null,
        reason: 'rebuilt',
        actor: null,
      });
    }
  }
}

function wishesOf(run: RunFacts, runs: readonly RunFacts[]): Set<WishKind> {
  const { folded, identity, events } = run;
  const isCancelled = events
    .filter((event) => isOf(event, 'operator_command'))
    .some(({ data }) => data.action === 'CANCEL' && (data.generation ?? folded.generation) === folded.generation);
  const isOlder = runs.some(
    (other) =>
      other.identity.repository === identity.repository &&
      other.identity.ref === identity.ref &&
      other.identity.sequence > identity.sequence,
  );
  return new Set([
    ...folded.wishes,
    ...(isCancelled ? (['cancel'] as const) : []),
    ...(isOlder && !isReleased(run) ? (['superseded'] as const) : []),
  ]);
}

// A run whose rollouts are all past their last step is left to its watch, as a newer push would leave it.
function isReleased({ plannedUnits, standing, folded }: RunFacts): boolean {
  const rollouts = plannedUnits.filter(({ service }) => service === 'deploy');
  return (
    rollouts.length > 0 &&
    rollouts.every(({ unit }) => {
      const place = readTargetUnit(unit);
      const rollout = folded.slices.deploy[`${place?.environment ?? ''}/${place?.service ?? ''}`];
      return !standing.unfinished.has(unit) || rollout?.state === 'watching';
    })
  );
}
