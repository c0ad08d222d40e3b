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
function versionIn(target: Target, { runId, data }: Received<'rollback_event'>, told: Told): string | undefined {
  const release = data.fromRelease;
  if (release === null) return undefined;
  const isOfIt = (move: Received<'deployment_triggered'>['data']) =>
    move.release === release && move.environment === data.environment && move.service === data.service;
  const moves = told.events.filter((event) => isOf(event, 'deployment_triggered'));
  const named = moves.findLast((event) => event.runId === runId && isOfIt(event.data))?.data.version;
  return findRelease(target, release)?.version ?? named ?? told.releaseOf(runId, data)?.version;
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
