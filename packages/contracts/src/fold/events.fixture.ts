import type { CodePush, DeploymentHealth, DeploymentTriggered, RollbackEvent, Payloads } from '../events.generated.ts';
import { topics } from '../topics.generated.ts';
import type { Received, Topic } from '../topics.ts';

interface Around {
  id?: string;
  runId?: string;
  subject?: string;
  generation?: number;
  /** Seconds after the first of January. */
  at?: number;
}

/** An event of run `run-1`, first generation, whose id is its topic and time. */
export function anEvent<T extends Topic>(topic: T, data: Payloads[T], around: Around = {}): Received<T> {
  const { at = 0, runId = 'run-1', subject = topic, generation = 1 } = around;
  const id = around.id ?? `${runId} ${topic} ${subject} ${generation} ${at}`;
  const time = new Date(Date.UTC(2026, 0, 1) + at * 1000);
  return {
    topic,
    id,
    runId,
    source: topics[topic].publishers[0],
    subject,
    generation,
    hops: 1,
    causeId: null,
    time,
    data,
  };
}

/** A push that was read. */
export function aPush(around: Around = {}, change: Partial<CodePush> = {}): Received<'code_push'> {
  const refs = { repository: 'acme/shop', ref: 'refs/heads/main', commit: 'c1', baseCommit: null } as const;
  const people = { author: 'ada', message: null, trigger: 'PUSH', pullRequest: null } as const;
  const kept = { changedFiles: null, snapshotDigest: 'sha256:s', planDigest: 'sha256:p', environmentLimit: null };
  const names = { before: null, delivery: null, content: null, pusher: null };
  const data = {
    outcome: 'SUCCESS',
    reason: null,
    number: 7,
    ...refs,
    ...people,
    ...kept,
    ...names,
    ...change,
  } as const;
  return anEvent('code_push', data, { subject: 'gitops', ...around });
}

/** The end of a build. */
export function aBuild(
  outcome: 'SUCCESS' | 'FAILURE' | 'CANCELLED',
  around: Around = {},
  reason: string | null = null,
) {
  const data = { outcome, reason, artifacts: [], durationMs: 1 };
  return anEvent('build_ready', data, { subject: 'build', ...around });
}

const place = { environment: 'production', service: 'web' };

/** A move of release `r2`. */
export function aMove(change: Partial<DeploymentTriggered>, around: Around = {}): Received<'deployment_triggered'> {
  const share = { epoch: 4, strategy: 'CANARY', step: 1, steps: 2, weightPercent: 10 } as const;
  const made = {
    release: 'r2',
    version: 'sha256:v',
    previousRelease: 'r1',
    url: null,
    causes: [],
    objects: null,
    ...share,
  };
  const data = { phase: 'STEP', outcome: null, reason: null, ...place, ...made, ...change } as const;
  return anEvent('deployment_triggered', data, { subject: 'deploy/production/web', ...around });
}

/** A verdict about release `r2`. */
export function aVerdict(change: Partial<DeploymentHealth>, around: Around = {}): Received<'deployment_health'> {
  const judged = { verdict: 'HEALTHY', outcome: 'SUCCESS', final: true, reason: null, samples: 9, checks: [] } as const;
  const data = { ...place, release: 'r2', epoch: 5, step: 0, judgement: null, ...judged, ...change };
  return anEvent('deployment_health', data, { subject: 'observe/production/web', ...around });
}

/** What rollback did with release `r2`. */
export function aRollback(change: Partial<RollbackEvent>, around: Around = {}): Received<'rollback_event'> {
  const moved = { fromRelease: 'r2', toRelease: 'r1', epoch: 6, quarantined: true, compared: [] };
  const packet = { packetDigest: null, packetTextDigest: null };
  const data = { outcome: 'SUCCESS', reason: 'rollout_failed', ...place, ...moved, ...packet, ...change } as const;
  return anEvent('rollback_event', data, { subject: 'rollback/production/web', ...around });
}
