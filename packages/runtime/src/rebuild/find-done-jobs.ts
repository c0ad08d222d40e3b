import { isOf, readTargetUnit, unitNames, type PlannedUnit, type Received, type Topic } from '@orchestra/contracts';
import type { NewJob } from '../ports/jobs.ts';
import type { Rebuilding, RunFacts } from './facts.ts';
import { rebuiltJob } from './rebuilt-job.ts';

/** The jobs that finished units had: a retry takes its inputs from them. Units behind a gate take theirs from the gate. */
export function findDoneJobs(facts: RunFacts, rebuilding: Rebuilding): NewJob[] {
  const { plannedUnits, standing, folded } = facts;
  const finished = plannedUnits.filter(({ unit, gate }) => gate === null && !standing.unfinished.has(unit));
  return finished.flatMap((planned): NewJob[] => {
    const { unit, service } = planned;
    const cause = causeOf(planned, facts.events);
    const generation = folded.units[unit]?.generation;
    if (cause === null || generation === undefined) return [];
    const job = rebuiltJob({ cause, service, unit, generation, bound: true }, rebuilding);
    return [unit === unitNames.gitops ? { ...job, handler: 'fetch', payload: '{}' } : job];
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
