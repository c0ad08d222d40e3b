import { randomUUID } from 'node:crypto';
import { emptyFinish, jobIdOf, type Admission, type Finish, type RunStore } from '@orchestra/runtime';

const hourMs = 3_600_000;

/** Makes runs that are planned and wait for their push, and returns their ids. None of this is measured. */
export async function prepareRuns(store: RunStore, count: number): Promise<string[]> {
  const runIds = Array.from({ length: count }, () => randomUUID());
  await Promise.all(runIds.map((runId) => store.admit(admissionOf(runId))));
  for (;;) {
    const job = await store.claim({ service: 'gitops', owner: 'bench', leaseMs: hourMs, except: [], maxStalls: 5 });
    if (job === null) return runIds;
    await store.finish(job, planned);
  }
}

// Three units, so that the hop in the middle neither begins nor ends the run.
const planned: Finish = {
  ...emptyFinish,
  status: 'success',
  plan: {
    units: [
      { unit: 'gitops', service: 'gitops', after: [], gate: null, gateDeadlineMs: hourMs },
      { unit: 'build', service: 'build', after: ['gitops'], gate: null, gateDeadlineMs: hourMs },
      { unit: 'test', service: 'test', after: ['build'], gate: null, gateDeadlineMs: hourMs },
    ],
    deadlineMs: hourMs,
    hopsLimit: 20,
  },
};

/** A push that makes this run, each in a repository of its own. */
export function admissionOf(runId: string): Admission {
  return {
    identity: {
      runId,
      repository: `acme/${runId}`,
      ref: 'refs/heads/main',
      branch: 'main',
      commit: 'a'.repeat(40),
      before: null,
      author: 'ada',
      message: 'Change the shop',
      trigger: 'PUSH',
      pullRequest: null,
      cloneUrl: 'https://git.example/acme/shop.git',
      environmentLimit: null,
      metadata: {},
    },
    delivery: runId,
    content: runId,
    job: {
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
      maxMs: 60_000,
      bound: true,
      traceparent: null,
      delayMs: 0,
    },
    hopsLimit: 20,
    maxSupersedes: 3,
    notes: [],
    actor: null,
  };
}
