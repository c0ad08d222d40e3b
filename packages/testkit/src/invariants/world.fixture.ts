import {
  createTarget,
  topics,
  type Payloads,
  type Received,
  type RunState,
  type Target,
  type Topic,
  type UnitState,
} from '@orchestra/contracts';
import type { JobRecord } from '@orchestra/runtime';
import { aRun } from '../given-context.ts';
import { aBuildReady, aCodePush } from '../given-events.ts';
import type { Effect, RecordFacts, RunFacts, TargetFacts, WorldFacts } from './world-facts.ts';

const first = Date.UTC(2026, 0, 1);

/** So many seconds after the beginning. */
export function timeAt(seconds: number): string {
  return new Date(first + seconds * 1000).toISOString();
}

interface Around {
  runId?: string;
  subject?: string;
  generation?: number;
  at?: number;
}

/** A record with an event of run `run-1`; `at` in seconds. */
export function aRecord<T extends Topic>(topic: T, data: Payloads[T], around: Around = {}): RecordFacts {
  const { runId = 'run-1', subject = topic, generation = 1, at = 1 } = around;
  const id = `${runId} ${topic} ${subject} ${generation} ${at}`;
  const time = new Date(timeAt(at));
  const source = topics[topic].publishers[0];
  const event: Received<Topic> = { topic, id, runId, source, subject, generation, hops: 1, causeId: null, time, data };
  const headers = { ce_id: id, ce_source: `/orchestra/${source}` };
  const place = { topic, partition: 0, offset: String(at), key: runId, value: Buffer.from(id), headers };
  return { ...place, at: timeAt(at), event, problem: null };
}

/** A status as the store keeps it. */
export function aUnit(status: UnitState['status'], change: Partial<UnitState> = {}): UnitState {
  const times = { at: timeAt(2), startedAt: timeAt(1), endedAt: timeAt(2) };
  return { generation: 1, status, reason: null, message: null, ...times, ...change };
}

/** A run that has ended well, with nothing but a build. */
export function aRunWith(change: Partial<RunState> = {}, jobs: readonly JobRecord[] = []): RunFacts {
  const push = aCodePush();
  const { planDigest, snapshotDigest, changedFiles, baseCommit } = push;
  const source = { planDigest, snapshotDigest, changedFiles, baseCommit, problems: [], warnings: [], licenses: [] };
  const run = aRun();
  const result = { tool: 'npm', artifacts: aBuildReady().artifacts, durationMs: 1 };
  const state = {
    ...run,
    runId: 'run-1',
    endedAt: timeAt(9),
    units: { gitops: aUnit('success'), build: aUnit('success') },
    slices: { ...run.slices, gitops: { source }, build: { result } },
    ...change,
  };
  return { state, history: [], jobs };
}

/** A job of build that is done. */
export function aJob(change: Partial<JobRecord> = {}): JobRecord {
  return {
    jobId: 'job-1',
    service: 'build',
    runId: 'run-1',
    generation: 1,
    unit: 'build',
    handler: 'code_push',
    payload: '{}',
    cause: 'event-1',
    status: 'done',
    attempt: 1,
    stalls: 0,
    parkReason: null,
    dueAt: null,
    owner: null,
    leaseEndsAt: null,
    error: null,
    ...change,
  };
}

/** The events of the run that has ended well. */
export const goodRecords: readonly RecordFacts[] = [
  aRecord('code_push', aCodePush(), { subject: 'gitops', at: 1 }),
  aRecord('build_ready', aBuildReady(), { subject: 'build', at: 2 }),
];

export const push = {
  delivery: 'delivery-1',
  runId: 'run-1',
  repository: 'acme/shop',
  ref: 'refs/heads/main',
  commit: 'c1',
  at: timeAt(0),
};

/** A world at rest that keeps all promises: one push, one run, one build. */
export function aWorld(change: Partial<WorldFacts> = {}): WorldFacts {
  return {
    runs: [aRunWith()],
    queues: [],
    targets: [],
    quarantine: [],
    records: goodRecords,
    groups: [],
    pushes: [push],
    effects: [],
    messages: [],
    leftovers: [],
    ...change,
  };
}

const targetName = { repository: 'acme/shop', environment: 'production', service: 'web' };
const targetKeyOfWorld = 'acme/shop/production/web';

/** A target as the store has it. */
export function aTarget(change: Partial<Target> = {}): TargetFacts {
  return { key: targetKeyOfWorld, version: 1, target: { ...createTarget(targetName), ...change } };
}

/** A release in the history of a target. */
export function aRelease(release: string, change: Partial<Target['history'][number]> = {}): Target['history'][number] {
  const start = { command: ['node'], env: {}, port: 1, replicas: 1, healthPath: '/', readyTimeoutMs: 1 };
  const manifest = { artifactDigest: 'sha256:a', metricsPath: null, ...start };
  const owner = { runId: 'run-1', generation: 1, sequence: 1 };
  const judged = { health: 'healthy' as const, checks: [], byPerson: false };
  const made = { release, version: 'sha256:v', commit: 'c1', epoch: 1, releasedAt: timeAt(1) };
  return { ...owner, ...made, ...judged, manifest, ...change };
}

/** A line of the ledger: a step that gave `r1` all the traffic. */
export function anEffect(change: Partial<Effect> = {}): Effect {
  const whose = { run: 'run-1', unit: 'deploy/production/web', generation: 1 };
  const made = { key: 'step 1', target: targetKeyOfWorld, epoch: 1, release: 'r1', weights: { r1: 100 } };
  return { kind: 'deploy_step', ...whose, ...made, changed: true, at: timeAt(3), by: 'deploy#1', ...change };
}
