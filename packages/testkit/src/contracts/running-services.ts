import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Outgoing, ServiceName } from '@orchestra/contracts';
import {
  createMeter,
  defineService,
  jobIdOf,
  OrchestraError,
  runService,
  type Backends,
  type Ended,
  type NewJob,
  type RunningService,
  type Service,
} from '@orchestra/runtime';
import { silentLog } from '../given-context.ts';
import { eventually } from '../eventually.ts';

type Open = () => Promise<Backends & { close(): Promise<void> }>;

const follow = { kind: 'follow' } as const;

/** Two services of the choreography on real backends: an admitted push comes out as a finished build, whatever happens. */
export function testRunningServices(name: string, open: Open): void {
  describe(`services on ${name}`, () => {
    it('bring an admitted push through two services', async () => {
      await using world = await startWorld(open, {});

      const runId = await world.push();

      await eventually({ see: () => world.status(runId, 'build'), until: (status) => status === 'success' });
      expect(await world.topics(runId)).toEqual(['code_push', 'build_ready']);
    });

    it('repeat an attempt at trouble that waiting may mend, and say error when the attempts are spent', async () => {
      const trouble = new OrchestraError('REGISTRY_UNAVAILABLE', 'not now', { retriable: true });
      let attempts = 0;
      await using world = await startWorld(open, {
        build: () => {
          attempts += 1;
          throw trouble;
        },
      });

      const runId = await world.push();

      await eventually({ see: () => world.status(runId, 'build'), until: (status) => status === 'error' });
      expect(attempts).toBe(2);
    });

    it('end running work as cancelled when a person wishes it', async () => {
      let began = false;
      await using world = await startWorld(open, {
        build: (signal) => {
          began = true;
          return new Promise((_resolve, reject) => {
            signal.addEventListener('abort', () => reject(signal.reason));
          });
        },
      });
      const runId = await world.push();
      await eventually({ see: () => began, until: (seen) => seen });

      const wish = { runId, wish: 'cancel', generation: null, units: null, reason: 'test', actor: 'ada' } as const;
      await world.backends.store.setWish(wish);

      await eventually({ see: () => world.status(runId, 'build'), until: (status) => status === 'cancelled' });
      expect(await world.topics(runId)).toEqual(['code_push', 'build_ready']);
    });
  });
}

type BuildWork = (signal: AbortSignal) => Promise<Ended<'build'>> | Ended<'build'>;

function buildEvent(outcome: 'SUCCESS' | 'ERROR' | 'CANCELLED', reason: string | null): Outgoing<'build_ready'> {
  return { topic: 'build_ready', data: { outcome, reason, artifacts: [], durationMs: 1 } };
}

function buildService(work: BuildWork): Service<'build'> {
  return defineService({
    name: 'build',
    on: {
      code_push: {
        kind: 'stage',
        attempts: 2,
        unit: () => 'build',
        handle: async (_event, context) => work(context.signal),
        conclude: ({ status, reason }) => ({
          kind: 'end',
          status,
          reason,
          events: [buildEvent(status === 'cancelled' ? 'CANCELLED' : 'ERROR', reason)],
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

interface World extends AsyncDisposable {
  backends: Backends;
  push(): Promise<string>;
  status(runId: string, unit: string): Promise<string | null>;
  topics(runId: string): Promise<string[]>;
}

const succeed: BuildWork = () => ({ kind: 'end', status: 'success', events: [buildEvent('SUCCESS', null)] });

async function startWorld(open: Open, work: { build?: BuildWork }): Promise<World> {
  const backends = await open();
  const running = await Promise.all([
    start(backends, pushService()),
    start(backends, buildService(work.build ?? succeed)),
  ]);
  await Promise.all(running.map((service) => service.joined()));
  return {
    backends,
    push: () => admit(backends),
    status: async (runId, unit) => (await backends.store.readRun(runId))?.units[unit]?.status ?? null,
    topics: async (runId) =>
      (await backends.store.readHistory(runId)).filter(({ kind }) => kind === 'event').map(({ what }) => what),
    async [Symbol.asyncDispose]() {
      await Promise.all(running.map((service) => service.stop()));
      await backends.close();
    },
  };
}

function start<S extends ServiceName>(backends: Backends, service: Service<S>): Promise<RunningService> {
  const settings = { retryBaseMs: 10, retryCapMs: 20, renewMs: 50, pollMs: 100 };
  return runService({ service, backends, meter: createMeter(), log: silentLog, owner: 'test', settings });
}

async function admit({ store }: Backends): Promise<string> {
  const runId = randomUUID();
  const repository = `acme/${runId}`;
  const job: NewJob = {
    jobId: jobIdOf('gitops', runId, 'gitops'),
    service: 'gitops',
    runId,
    generation: 1,
    unit: 'gitops',
    handler: 'fetch',
    payload: '{}',
    cause: runId,
    causes: [],
    hops: 0,
    maxAttempts: 1,
    maxMs: 10_000,
    bound: true,
    traceparent: null,
    delayMs: 0,
  };
  await store.admit({
    identity: {
      runId,
      repository,
      ref: 'refs/heads/main',
      branch: 'main',
      commit: 'a'.repeat(40),
      before: null,
      author: 'ada',
      message: null,
      trigger: 'PUSH',
      pullRequest: null,
      cloneUrl: 'file:///nowhere',
      environmentLimit: null,
      metadata: {},
    },
    delivery: runId,
    content: runId,
    job,
    hopsLimit: 20,
    maxSupersedes: 3,
    notes: [],
    actor: null,
  });
  return runId;
}
