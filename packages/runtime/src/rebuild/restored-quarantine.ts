import {
  findBreach,
  findRelease,
  isOf,
  type PlannedRelease,
  type Received,
  type Target,
  type Topic,
} from '@orchestra/contracts';
import type { Quarantined } from '../ports/run-store.ts';
import type { RunFacts } from './facts.ts';

export interface Told {
  events: readonly Received<Topic>[];
  byId: ReadonlyMap<string, RunFacts>;
  releaseOf(runId: string, place: { environment: string; service: string }): PlannedRelease | null;
}

/** What rollbacks put into quarantine at this target, and nobody has let out since. */
export function quarantineOf(target: Target, { events, byId, releaseOf }: Told): Quarantined[] {
  const { repository, environment, service } = target;
  const taken = events.filter((event) => isOf(event, 'rollback_event')).filter(({ data }) => data.quarantined);
  return taken.flatMap((event): Quarantined[] => {
    const { data, runId, time, causeId } = event;
    const identity = byId.get(runId)?.identity;
    const isHere = data.environment === environment && data.service === service;
    if (!isHere || identity?.repository !== repository) return [];
    const release = data.fromRelease;
    const version = versionIn(target, event, { events, byId, releaseOf });
    const entry = {
      repository,
      runId,
      release,
      reason: data.reason,
      alertId: causeId,
      breach: findBreach(data.compared),
      at: time.toISOString(),
    };
    const keys = version === undefined ? [identity.commit] : [identity.commit, version];
    return isLetOut(events, { repository, keys, since: time }) ? [] : keys.map((key) => ({ ...entry, key }));
  });
}

// One that was taken back before it served stands in no target; an older version may have told of it without its version.
function versionIn(target: Target, rollback: Received<'rollback_event'>, told: Told): string | undefined {
  const { runId, data } = rollback;
  if (data.fromRelease === null) return undefined;
  const kept = findRelease(target, data.fromRelease)?.version;
  return kept ?? toldVersion(rollback, told.events) ?? told.releaseOf(runId, data)?.version;
}

function toldVersion({ runId, data }: Received<'rollback_event'>, events: Told['events']): string | undefined {
  const { environment, service, fromRelease } = data;
  const move = events
    .filter((event) => isOf(event, 'deployment_triggered'))
    .filter((event) => event.runId === runId && event.data.release === fromRelease)
    .findLast((event) => event.data.environment === environment && event.data.service === service);
  return move?.data.version ?? undefined;
}

interface LetOut {
  repository: string;
  keys: readonly string[];
  since: Date;
}

function isLetOut(events: readonly Received<Topic>[], { repository, keys, since }: LetOut): boolean {
  return events
    .filter((event) => isOf(event, 'operator_command'))
    .filter(({ data }) => data.action === 'RELEASE_QUARANTINE' && data.repository === repository)
    .some(({ data, time }) => data.digest !== null && keys.includes(data.digest) && time >= since);
}
