import { downstreamOf, isTerminal, type FoldedRun, type PlannedUnit } from '@orchestra/contracts';
import type { RestoredUnit } from '../ports/store-rebuild.ts';

/** Where the units of a folded run stand, and in which generations retries made them. */
export interface Standing {
  /** Those of which events tell, and those that a retry made anew and that have not told anything since. */
  units: readonly RestoredUnit[];
  made: readonly { unit: string; generation: number }[];
  /** Units, planned or not, that have not ended in their newest generation. */
  unfinished: ReadonlyMap<string, number>;
}

/**
 * Works out where units stand. A retry has no event of its own, but what it made anew tells its generation, and everything
 * behind that was made anew with it. A retry of which nothing has told anything yet is forgotten: a person asks again.
 */
export function whereUnitsStand({ units: folded }: FoldedRun, planned: readonly PlannedUnit[]): Standing {
  const made = new Map<string, Set<number>>();
  for (const [unit, { generation }] of Object.entries(folded)) {
    if (generation === 1) continue;
    for (const name of downstreamOf(planned, unit)) made.set(name, (made.get(name) ?? new Set()).add(generation));
  }
  const newest = (unit: string): number => Math.max(1, folded[unit]?.generation ?? 1, ...(made.get(unit) ?? []));
  const names = new Set([...planned.map(({ unit }) => unit), ...Object.keys(folded)]);
  const standing = [...names].map((unit) => ({ unit, generation: newest(unit), told: folded[unit] }));
  const units = standing.flatMap(({ unit, generation, told }): RestoredUnit[] => {
    if (told === undefined) return [];
    const { status, reason, at } = told;
    if (told.generation === generation) return [{ unit, generation, status, reason, at }];
    return [{ unit, generation, status: 'waiting', reason: 'rebuilt', at }];
  });
  const unfinished = standing.filter(
    ({ generation, told }) => told?.generation !== generation || !isTerminal(told.status),
  );
  return {
    units,
    made: [...made].flatMap(([unit, generations]) => [...generations].map((generation) => ({ unit, generation }))),
    unfinished: new Map(unfinished.map(({ unit, generation }) => [unit, generation])),
  };
}
