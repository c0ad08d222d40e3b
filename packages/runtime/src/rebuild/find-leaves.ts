import {
  isTerminal,
  unitNames,
  type PlannedUnit,
  type Received,
  type ServiceName,
  type Topic,
} from '@orchestra/contracts';
import { gateJob } from '../engine/plan-acceptance.ts';
import type { GateInput, GateJob, NewJob } from '../ports/jobs.ts';
import type { Rebuilding, RunFacts } from './facts.ts';
import { findRollbacks, findTargetJobs } from './find-target-jobs.ts';
import { rebuiltJob, rebuiltJobId } from './rebuilt-job.ts';

/** Work that nobody does any more and that has to be done. */
export interface Leaves {
  jobs: readonly NewJob[];
  gates: readonly GateJob[];
}

/**
 * The unfinished leaves of a run: units that have all they need and have not ended. What waits behind them gets its event
 * when they end. A job that has told something gets a new id, or what it tells would be taken for what it told before; the
 * work begins by looking at the world, as every attempt does.
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

function gatesOf({ planned, generation, folded }: Unfinished, { identity }: Rebuilding): Leaves['gates'] {
  const { runId, units } = folded;
  const made = gateJob({ planned, runId, generation, hops: 0, limits: {} });
  const hasTold = units[planned.unit]?.generation === generation;
  return made.map((gate) => (hasTold ? renamed(gate, identity) : gate));
}

/** The outcomes that gates of a service wait for, now or after a retry, and that are there. */
export function findInputs({ plannedUnits, folded }: RunFacts): { service: ServiceName; input: GateInput }[] {
  const gated = plannedUnits.flatMap(({ service, gate }) => (gate ?? []).map((unit) => ({ service, unit })));
  const unique = new Map(gated.map((one) => [`${one.service} ${one.unit}`, one]));
  return [...unique.values()].flatMap(({ service, unit }) => {
    const told = folded.units[unit];
    if (told === undefined || !isTerminal(told.status)) return [];
    const { generation, status, eventId } = told;
    return [{ service, input: { unit, generation, status, eventId } }];
  });
}

// A gate keeps its id, or the next event would arm it once more; unless it has told something, which would be told again.
function renamed(gate: GateJob, identity: string): GateJob {
  return { ...gate, jobId: rebuiltJobId(gate.service, gate.cause, { unit: gate.unit, identity }) };
}
