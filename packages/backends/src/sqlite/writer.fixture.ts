// A process that takes work in until it is killed: `node writer.fixture.ts FILE`. A line says what was acknowledged.
import { randomUUIDv7 } from 'node:crypto';
import { createSystemClock, emptyFinish, type NewJob } from '@orchestra/runtime';
import { createSqliteEventBus, createSqliteRunStore, openDatabase } from './index.ts';

const database = openDatabase({ file: process.argv[2] ?? '', clock: createSystemClock() });
const store = createSqliteRunStore({ database });
const bus = createSqliteEventBus({ database });
await store.initialize('a test');
await bus.ensureTopics(['t']);
// Without a listener the process would learn of its parent's end only by the next line that it says.
process.stdin.on('end', () => process.exit(1)).resume();

for (;;) {
  const runId = randomUUIDv7();
  await store.admit(admissionOf(runId));
  say('admitted', runId);
  const lease = await store.claim({ service: 'gitops', owner: 'w', leaseMs: 1_000, except: [], maxStalls: 5 });
  // It may be the job of a run that an earlier process left behind.
  const claimed = lease?.runId ?? '';
  if (lease === null) throw new Error('The job of the run is not there');
  await store.finish(lease, finishOf(claimed));
  say('finished', claimed);
  await bus.publish([1, 2].map((number) => ({ topic: 't', key: runId, value: Buffer.from(`${number}`), headers: {} })));
  say('published', runId);
}

function say(what: string, runId: string): void {
  process.stdout.write(`${what} ${runId}\n`);
}

function admissionOf(runId: string): Parameters<typeof store.admit>[0] {
  const identity = {
    runId,
    repository: 'acme/shop',
    ref: runId,
    branch: null,
    commit: 'c',
    before: null,
    author: 'ada',
    message: null,
    trigger: 'PUSH',
    pullRequest: null,
    cloneUrl: 'https://forge.example/acme/shop.git',
    environmentLimit: null,
    metadata: {},
  } as const;
  const limits = { hopsLimit: 16, maxSupersedes: 3, notes: [], actor: null };
  return { identity, delivery: runId, content: runId, job: jobOf(runId), ...limits };
}

function jobOf(runId: string): NewJob {
  return {
    jobId: `job of ${runId}`,
    service: 'gitops',
    runId,
    generation: 1,
    unit: 'gitops',
    handler: 'push',
    payload: '{}',
    cause: runId,
    causes: [],
    hops: 0,
    maxAttempts: 3,
    maxMs: 60_000,
    bound: true,
    traceparent: null,
    delayMs: 0,
  };
}

function finishOf(runId: string): Parameters<typeof store.finish>[1] {
  return {
    ...emptyFinish,
    status: 'success',
    slice: { source: '{}' },
    outbox: [{ id: runId, topic: 'code_push', key: runId, value: Buffer.from('an event'), headers: {} }],
  };
}
