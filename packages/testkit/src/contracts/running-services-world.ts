import { randomUUID } from 'node:crypto';
import { toOutcome, type Outcome, type Outgoing, type ServiceName } from '@orchestra/contracts';
import {
  createMeter,
  defineService,
  jobIdOf,
  runService,
  type Backends,
  type Ended,
  type Health,
  type Log,
  type Meter,
  type RunningService,
  type Service,
} from '@orchestra/runtime';
import { silentLog } from '../given-context.ts';
import { aNewJob, anAdmission } from '../given-run.ts';

/** Opens the backends of one test. */
export type Open = () => Promise<Backends & { close(): Promise<void> }>;

const follow = { kind: 'follow' } as const;

export type BuildWork = (signal: AbortSignal) => Promise<Ended<'build'>> | Ended<'build'>;

function buildEvent(outcome: Outcome, reason: string | null): Outgoing<'build_ready'> {
  return { topic: 'build_ready', data: { outcome, reason, artifacts: [], durationMs: 1 } };
}

export const untilAborted: BuildWork = (signal) =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
  });

function buildService(work: BuildWork, { maxMs, atOnce }: { maxMs: number; atOnce: number }): Service<'build'> {
  return defineService({
    name: 'build',
    concurrency: atOnce,
    on: {
      code_push: {
        kind: 'stage',
        attempts: 2,
        maxMs,
        concurrency: atOnce,
        unit: () => 'build',
        handle: async (_event, context) => work(context.signal),
        conclude: ({ status, reason }) => ({
          kind: 'end',
          status,
          reason,
          events: [buildEvent(toOutcome(status), reason)],
        }),
      },
      operator_command: { kind: 'reaction', concerns: () => false, handle: async () => ({ kind: 'again' }) },
    },
  });
}

function pushService(): Service<'gitops'> {
  return defineService({
    name: 'gitops',
    on: {
      build_ready: follow,
      code_analysis: follow,
      test_results: follow,
      iac_ready: follow,
      deployment_triggered: follow,
      deployment_health: follow,
      observability_alert: follow,
      rollback_event: follow,
      operator_command: follow,
    },
    tasks: {
      fetch: {
        handle: async (_payload, { run }) => ({
          kind: 'end',
          status: 'success',
          events: [
            {
              topic: 'code_push',
              data: {
                outcome: 'SUCCESS',
                reason: null,
                repository: run.repository,
                ref: run.ref,
                commit: run.commit,
                baseCommit: null,
                author: run.author,
                message: null,
                trigger: 'PUSH',
                pullRequest: null,
                number: run.sequence,
                changedFiles: null,
                snapshotDigest: null,
                planDigest: null,
                environmentLimit: null,
                before: null,
                delivery: null,
                content: null,
                pusher: null,
              },
            },
          ],
          plan: {
            units: [
              { unit: 'gitops', service: 'gitops', after: [], gate: null, gateDeadlineMs: 1000 },
              { unit: 'build', service: 'build', after: ['gitops'], gate: null, gateDeadlineMs: 1000 },
            ],
            deadlineMs: 60_000,
            hopsLimit: 20,
          },
        }),
      },
    },
  });
}

export interface World extends AsyncDisposable {
  backends: Backends;
  /** What the processes have counted together. */
  meter: Meter;
  /** Of the process of build. */
  health(): Health;
  /** Stops the process of build and starts another one. */
  restartBuild(): Promise<void>;
  push(): Promise<string>;
  status(runId: string, unit: string): Promise<string | null>;
  topics(runId: string): Promise<string[]>;
}

export const succeed: BuildWork = () => ({ kind: 'end', status: 'success', events: [buildEvent('SUCCESS', null)] });

export interface Work {
  build?: BuildWork;
  maxMs?: number;
  leaseMs?: number;
  renewMs?: number;
  /** Ready jobs beyond which intake pauses. */
  maxReady?: number;
  /** Jobs at which a process of build works at once, by its card. */
  atOnce?: number;
  /** What the processes write down; nothing by default. */
  log?: Log;
}

export async function startWorld(open: Open, work: Work): Promise<World> {
  const backends = await open();
  const { leaseMs = 5_000, renewMs = 50, maxMs = 10_000, log = silentLog } = work;
  const { maxReady = 10_000, atOnce = 4 } = work;
  const meter = createMeter();
  const surroundings = { backends, meter, log, periods: { leaseMs, renewMs, maxReady } };
  const push = await start(pushService(), surroundings);
  const startBuild = () => start(buildService(work.build ?? succeed, { maxMs, atOnce }), surroundings);
  let build = await startBuild();
  await Promise.all([push.joined(), build.joined()]);
  return {
    backends,
    meter,
    health: () => build.health,
    async restartBuild() {
      await build.stop();
      build = await startBuild();
    },
    push: () => admit(backends),
    status: async (runId, unit) => (await backends.store.readRun(runId))?.units[unit]?.status ?? null,
    topics: async (runId) =>
      (await backends.store.readHistory(runId)).filter(({ kind }) => kind === 'event').map(({ what }) => what),
    async [Symbol.asyncDispose]() {
      await Promise.all([push.stop(), build.stop()]);
      await backends.close();
    },
  };
}

interface Surroundings {
  backends: Backends;
  meter: Meter;
  log: Log;
  periods: { leaseMs: number; renewMs: number; maxReady: number };
}

function start<S extends ServiceName>(
  service: Service<S>,
  { backends, meter, log, periods }: Surroundings,
): Promise<RunningService> {
  const settings = { retryBaseMs: 10, retryCapMs: 20, pollMs: 100, reapMs: 100, drainMs: 50, ...periods };
  const own = log.child({ service: service.name });
  return runService({ service, backends, meter, log: own, owner: 'test', settings });
}

async function admit({ store }: Backends): Promise<string> {
  const runId = randomUUID();
  const given = { service: 'gitops', runId, unit: 'gitops', handler: 'fetch', maxAttempts: 1 } as const;
  const job = aNewJob({ ...given, jobId: jobIdOf('gitops', runId, 'gitops') });
  await store.admit(anAdmission({ runId }, { job }));
  return runId;
}
