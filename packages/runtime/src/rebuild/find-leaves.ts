import { isTerminal, unitNames, type PlannedUnit, type Received, type Topic } from '@orchestra/contracts';
import { gateJob } from '../engine/plan-acceptance.ts';
import type { GateInput, GateJob, NewJob } from '../ports/jobs.ts';
import type { Rebuilding, RunFacts } from './facts.ts';
import { findRollbacks, findTargetJobs } from './find-target-jobs.ts';
import { rebuiltJob, rebuiltJobId } from './rebuilt-job.ts';

/** Work that nobody does any more and that has to be done. */
export interface Leaves {
  jobs: readonly NewJob[];
  /** Each with the outcomes that it waits for and that are there. */
  gates: readonly { gate: GateJob; inputs: readonly GateInput[] }[];
}

/**
 * The unfinished leaves of a run: units that have all they need and have not ended. What waits behind them gets its event
 * when they end. Their jobs have new ids, or what they tell would be taken for something that was told before; their work
 * begins by looking at the world, as every attempt does.
 */
export function findLeaves(facts: RunFacts, rebuilding: Rebuilding): Leaves {
  const open = facts.plannedUnits.flatMap((planned) => {
    const generation = facts.standing.unfinished.get(planned.unit);
    return generation === undefined ? [] : [{ ...facts, planned, generation }];
  });
  const found = open.map((unfinished) => leavesOf(unfinished, rebuilding));
  return {
    jobs: [...found.flatMap(({ jobs }) => jobs), ...findRollbacks(facts, rebuilding)],
    gates: found.flatMap(({ gates }) => gates),
  };
}

/** A unit that has not ended in its newest generation. */
export interface Unfinished extends RunFacts {
  planned: PlannedUnit;
  generation: number;
}

function leavesOf(unfinished: Unfinished, rebuilding: Rebuilding): Leaves {
  const { unit, gate } = unfinished.planned;
  const jobs = findTargetJobs(unfinished, rebuilding);
  if (jobs !== null) return { jobs, gates: [] };
  if (gate !== null) return { jobs: [], gates: gatesOf(unfinished, rebuilding) };
  const cause = causeOf(unfinished);
  if (cause === null) return { jobs: [], gates: [] };
  const { generation, planned } = unfinished;
  return {
    jobs: [rebuiltJob({ cause, service: planned.service, unit, generation, bound: true }, rebuilding)],
    gates: [],
  };
}

// Null: what is before it has not ended either, and will tell it.
function causeOf({ events, standing, planned: { unit, after } }: Unfinished): Received<Topic> | null {
  if (unit === unitNames.gitops || after.some((name) => standing.unfinished.has(name))) return null;
  const topic = after.includes(unitNames.build) ? 'build_ready' : 'code_push';
  return events.findLast((event) => event.topic === topic) ?? null;
}

function gatesOf({ planned, generation, folded, standing }: Unfinished, { identity }: Rebuilding): Leaves['gates'] {
  const { runId, units } = folded;
  const inputs = (planned.gate ?? []).flatMap((unit): GateInput[] => {
    const told = units[unit];
    if (told === undefined || standing.unfinished.has(unit) || !isTerminal(told.status)) return [];
    return [{ unit, generation: told.generation, status: told.status, eventId: told.eventId }];
  });
  const made = gateJob({ planned, runId, generation, hops: 0, limits: {} });
  return made.map((gate) => {
    const jobId = rebuiltJobId(gate.service, gate.cause, { unit: gate.unit, identity });
    return { gate: { ...gate, jobId }, inputs };
  });
}
