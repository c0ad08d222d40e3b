import { isOf, readTargetUnit, unitNames, type PlannedUnit, type Received, type Topic } from '@orchestra/contracts';
import { gateJob } from '../engine/plan-acceptance.ts';
import type { NewJob } from '../ports/jobs.ts';
import type { Rebuilding, RunFacts } from './facts.ts';
import { rebuiltJob } from './rebuilt-job.ts';

/**
 * The jobs that were done: a retry takes its inputs from those of finished units, and a gate that was decided is not armed
 * again by an event that comes late.
 */
export function findDoneJobs(facts: RunFacts, rebuilding: Rebuilding): NewJob[] {
  return [...stagesOf(facts, rebuilding), ...gatesOf(facts)];
}

function gatesOf({ plannedUnits, folded }: RunFacts): NewJob[] {
  const { runId } = folded;
  const told = plannedUnits.filter(({ unit }) => folded.units[unit] !== undefined);
  const gates = told.flatMap((planned) => gateJob({ planned, runId, generation: 1, hops: 0, limits: {} }));
  return gates.map(({ inputs: _inputs, ...gate }) => ({ ...gate, bound: false, delayMs: 0 }));
}

function stagesOf(facts: RunFacts, rebuilding: Rebuilding): NewJob[] {
  const { plannedUnits, standing, folded, identity } = facts;
  const finished = plannedUnits.filter(({ unit, gate }) => gate === null && !standing.unfinished.has(unit));
  return finished.flatMap((planned): NewJob[] => {
    const { unit, service } = planned;
    const cause = causeOf(planned, facts.events);
    const generation = folded.units[unit]?.generation;
    if (cause === null || generation === undefined) return [];
    const job = rebuiltJob({ cause, service, unit, generation, bound: true }, rebuilding);
    const { delivery, content } = identity;
    const payload = JSON.stringify({ delivery, content });
    return [unit === unitNames.gitops ? { ...job, handler: 'fetch', payload } : job];
  });
}

function causeOf({ unit, after }: PlannedUnit, events: readonly Received<Topic>[]): Received<Topic> | null {
  const place = readTargetUnit(unit);
  if (place === null) {
    const topic = after.includes(unitNames.build) ? 'build_ready' : 'code_push';
    return events.findLast((event) => event.topic === topic) ?? null;
  }
  const moves = events.filter((event) => isOf(event, 'deployment_triggered'));
  return moves.findLast(({ data }) => data.environment === place.environment && data.service === place.service) ?? null;
}
