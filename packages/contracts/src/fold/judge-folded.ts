import { judgeRun, type Overall } from '../run-state/overall.ts';
import type { PlannedUnit, RunState, Wish } from '../run-state/run.ts';
import type { FoldedRun, FoldedUnit } from './folded-run.ts';

/** The status of a folded run as everybody judges it. `plannedUnits`: of its plan; empty: only what events name counts. */
export function judgeFolded({ units, wishes, generation }: FoldedRun, plannedUnits: readonly PlannedUnit[]): Overall {
  const states = Object.entries(units).map(([unit, folded]) => [unit, stateOf(folded)] as const);
  const bound = wishes.map((wish): Wish => ({ wish, generation, units: null, reason: wish, actor: null, at: '' }));
  const run: Pick<RunState, 'units' | 'plannedUnits' | 'wishes' | 'generation' | 'endedAt'> = {
    units: Object.fromEntries(states),
    plannedUnits,
    wishes: bound,
    generation,
    endedAt: null,
  };
  return judgeRun(run);
}

function stateOf({ generation, status, reason, at }: FoldedUnit): RunState['units'][string] {
  return { generation, status, reason, at, message: null, startedAt: null, endedAt: null };
}
