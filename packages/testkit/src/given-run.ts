import { randomUUID, randomUUIDv7 } from 'node:crypto';
import { emptyFinish, type Admission, type Finish, type NewJob } from '@orchestra/runtime';

/** A job of build with an id of its own, without a run, due at once; `change` says what differs. */
export function aNewJob(change: Partial<NewJob> = {}): NewJob {
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
    maxMs: 3_600_000,
    bound: true,
    traceparent: null,
    delayMs: 0,
    ...change,
  };
}

/** A push to main of a repository of its own, whose first job is gitops'; `rest` is all but the identity. */
export function anAdmission(change: Partial<Admission['identity']> = {}, rest: Partial<Admission> = {}): Admission {
  const identity = {
    runId: randomUUIDv7(),
    repository: `acme/${randomUUID()}`,
    ref: 'refs/heads/main',
    branch: 'main',
    commit: 'a'.repeat(40),
    before: null,
    author: 'ada',
    message: 'Change the shop',
    trigger: 'PUSH',
    pullRequest: null,
    cloneUrl: 'https://forge.example/acme/shop.git',
    environmentLimit: null,
    metadata: { from: 'a test' },
    ...change,
  } as const;
  const job = aNewJob({ service: 'gitops', runId: identity.runId, unit: 'gitops', handler: 'push' });
  const limits = { hopsLimit: 16, maxSupersedes: 3, notes: [], actor: null };
  return { identity, delivery: randomUUID(), content: randomUUID(), job, ...limits, ...rest };
}

/** A finish that says nothing but that the job is done. */
export function aFinish(change: Partial<Finish> = {}): Finish {
  return { ...emptyFinish, ...change };
}
