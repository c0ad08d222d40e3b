import type { Outcome } from '../events.generated.ts';
import type { InfrastructureSlice, RollbackSlice, RolloutSlice, Slices, WatchSlice } from '../run-state/slices.ts';
import { fromOutcome } from '../run-state/status.ts';
import type { Received, Topic } from '../topics.ts';
import { isOf } from './is-of.ts';

/** The slices that have a key for each environment, or for each service of one. */
export function foldPlaces(
  own: readonly Received<Topic>[],
): Pick<Slices, 'iac' | 'deploy' | 'observability' | 'rollback'> {
  const events = own.toSorted((left, right) => left.generation - right.generation);
  const words = events.filter((event) => isOf(event, 'deployment_health') || isOf(event, 'observability_alert'));
  const watches = words.toSorted((left, right) => left.time.getTime() - right.time.getTime());
  return {
    iac: Object.fromEntries(events.filter((event) => isOf(event, 'iac_ready')).flatMap(infrastructureOf)),
    deploy: Object.fromEntries(events.filter((event) => isOf(event, 'deployment_triggered')).map(rolloutOf)),
    observability: Object.fromEntries(watches.flatMap(watchOf)),
    rollback: Object.fromEntries(events.filter((event) => isOf(event, 'rollback_event')).map(rollbackOf)),
  };
}

function infrastructureOf({ data, generation }: Received<'iac_ready'>): [string, InfrastructureSlice][] {
  const { environment, tool, planDigest, toAdd, toChange, toDestroy, outcome } = data;
  if (planDigest === null) return [];
  const phase = phases[outcome] ?? 'planned';
  const counts = { toAdd, toChange, toDestroy, destroys: [], outputs: {} };
  return [[environment, { tool, phase, generation, planDigest, ...counts }]];
}

// An apply that was cut has no known end.
const phases: Partial<Record<Outcome, InfrastructureSlice['phase']>> = { SUCCESS: 'applied', UNKNOWN: 'applying' };

const states: Readonly<Record<string, string>> = {
  STEP: 'judging',
  RELEASED: 'watching',
  FAILED: 'failing',
  ABORTED: 'aborted',
};

function rolloutOf({ data }: Received<'deployment_triggered'>): [string, RolloutSlice] {
  const { environment, service, phase, strategy, release, version, previousRelease } = data;
  const { step, steps, weightPercent, epoch, url } = data;
  const made = { release, version, previousRelease, step, steps, weightPercent, epoch, url };
  const word = release === null ? 'none' : strategy.toLowerCase();
  return [`${environment}/${service}`, { ...made, strategy: word, state: states[phase] ?? 'unknown', waitsFor: null }];
}

function watchOf(event: Received<Topic>): [string, WatchSlice][] {
  if (isOf(event, 'observability_alert')) return [watch(event.data, 'breach')];
  if (!isOf(event, 'deployment_health')) return [];
  const { verdict, final, outcome } = event.data;
  if (verdict === 'HEALTHY') return [watch(event.data, 'healthy')];
  const isEnded = final && outcome !== 'ERROR';
  return [watch(event.data, isEnded ? 'ended' : 'inconclusive')];
}

function watch(
  data: Received<'deployment_health' | 'observability_alert'>['data'],
  verdict: WatchSlice['verdict'],
): [string, WatchSlice] {
  const { environment, service, release, epoch, step, samples, checks, reason, judgement } = data;
  const kept = judgement === null ? {} : { judgement };
  return [`${environment}/${service}`, { release, epoch, step, samples, checks, reason, verdict, ...kept }];
}

function rollbackOf({ data }: Received<'rollback_event'>): [string, RollbackSlice] {
  const { environment, service, reason, fromRelease, toRelease, epoch, outcome, compared } = data;
  const { packetDigest: json, packetTextDigest: markdown } = data;
  const packet = json === null || markdown === null ? {} : { packet: { json, markdown } };
  const decision = toRelease === null ? 'refuse' : 'restore';
  const made = { reason, fromRelease, toRelease, epoch, compared, ...packet };
  return [`${environment}/${service}`, { ...made, decision, outcome: fromOutcome(outcome) }];
}
