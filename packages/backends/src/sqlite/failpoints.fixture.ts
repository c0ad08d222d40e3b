// A process that does one job as a service does: `node failpoints.fixture.ts FILE FOLDER`.
import { randomUUID } from 'node:crypto';
import { createSystemClock, emptyFinish, withFailpoints, type NewJob } from '@orchestra/runtime';
import { createSqliteRunStore, openDatabase } from './index.ts';

const [file = '', folder = ''] = process.argv.slice(2);
const database = openDatabase({ file, clock: createSystemClock() });
const store = withFailpoints(createSqliteRunStore({ database }), 'build', folder);
await store.initialize('a test');
await store.enqueue(aJob());
const job = await store.claim({ service: 'build', owner: 'w', leaseMs: 1_000, except: [], maxStalls: 5 });
if (job !== null) await store.finish(job, emptyFinish);
await store.acknowledge('build', []);

function aJob(): NewJob {
  return {
    jobId: randomUUID(),
    service: 'build',
    runId: null,
    generation: 1,
    unit: null,
    handler: 'code_push',
    payload: '{}',
    cause: randomUUID(),
    causes: [],
    hops: 0,
    maxAttempts: 3,
    maxMs: 60_000,
    bound: true,
    traceparent: null,
    delayMs: 0,
  };
}
