import { isOf, isTerminal, readTargetUnit, unitNames, type Received, type Topic } from '@orchestra/contracts';
import type { NewJob } from '../ports/jobs.ts';
import type { Rebuilding, RunFacts } from './facts.ts';
import type { Unfinished } from './find-leaves.ts';
import { rebuiltJob } from './rebuilt-job.ts';

type Triggered = Received<'deployment_triggered'>;

/**
 * What goes on with a rollout that had begun, and with its watch. Null: nothing had, or a step was made. A step is made again
 * from the gate, under a new epoch, and is then watched anew.
 */
export function findTargetJobs(unfinished: Unfinished, rebuilding: Rebuilding): NewJob[] | null {
  const { service, unit } = unfinished.planned;
  if (service !== 'deploy' && service !== 'observability') return null;
  const last = moveOf(unfinished, unit);
  if (service === 'deploy') return last === null ? null : rolloutOf(unfinished, last, rebuilding);
  if (last === null || last.data.phase === 'STEP') return [];
  const { generation } = unfinished;
  return [rebuiltJob({ cause: last, service, unit, generation, bound: last.data.phase !== 'RELEASED' }, rebuilding)];
}

function rolloutOf({ events, planned: { unit }, generation }: Unfinished, last: Triggered, rebuilding: Rebuilding) {
  const { phase, release } = last.data;
  if (release === null || (phase !== 'RELEASED' && phase !== 'FAILED')) return null;
  const made = rebuiltJob({ cause: last, service: 'deploy', unit, generation, bound: false }, rebuilding);
  const waits = { ...made, handler: phase === 'RELEASED' ? 'watch' : 'failing', payload: JSON.stringify({ release }) };
  const answer = events.findLast((event) => isOf(event, 'rollback_event') && isAt(event, unit));
  if (answer === undefined) return [waits];
  // What rollback said is an answer in the store; deploy writes it down anew.
  return [rebuiltJob({ cause: answer, service: 'deploy', unit: null, generation, bound: false }, rebuilding), waits];
}

/** Rollbacks that were asked for, by an alert or by a rollout that failed, and that have not told how they ended. */
export function findRollbacks({ events, folded }: RunFacts, rebuilding: Rebuilding): NewJob[] {
  const asked = events.filter((event) => asksForRollback(event));
  const newest = new Map(asked.map((event) => [`${event.data.environment}/${event.data.service}`, event]));
  return [...newest.values()].flatMap((cause): NewJob[] => {
    const { environment, service } = cause.data;
    const unit = unitNames.rollback(environment, service);
    const isAnswered = events.some(
      (event) => isOf(event, 'rollback_event') && isAt(event, unit) && event.time >= cause.time,
    );
    const told = folded.units[unit];
    const hasEnded = told !== undefined && told.generation >= cause.generation && isTerminal(told.status);
    if (isAnswered || hasEnded) return [];
    return [rebuiltJob({ cause, service: 'rollback', unit, generation: cause.generation, bound: false }, rebuilding)];
  });
}

function asksForRollback(event: Received<Topic>): event is Received<'observability_alert' | 'deployment_triggered'> {
  if (isOf(event, 'observability_alert')) return event.data.release !== null;
  if (!isOf(event, 'deployment_triggered')) return false;
  const { phase, reason, release } = event.data;
  return phase === 'FAILED' && reason !== 'rollback_refused' && release !== null;
}

// The last one of the rollout's newest generation. A watch that is retried alone has that of the generation before.
function moveOf({ events, standing, folded }: Unfinished, unit: string): Triggered | null {
  const place = readTargetUnit(unit);
  if (place === null) return null;
  const { environment, service } = place;
  const rollout = unitNames.deploy(environment, service);
  const generation = standing.unfinished.get(rollout) ?? folded.units[rollout]?.generation ?? 1;
  const moves = events.filter((event) => isOf(event, 'deployment_triggered'));
  const own = moves.filter(({ data }) => data.environment === environment && data.service === service);
  return own.findLast((event) => event.generation >= generation) ?? null;
}

function isAt({ data }: Received<'rollback_event'>, unit: string): boolean {
  const place = readTargetUnit(unit);
  return data.environment === place?.environment && data.service === place.service;
}
