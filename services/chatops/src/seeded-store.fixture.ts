import {
  createTarget,
  infrastructureName,
  planUnits,
  targetKey,
  untouchedInfrastructure,
  type RunState,
} from '@orchestra/contracts';
import { emptyFinish, jobIdOf, nameId, type Backends, type Finish, type Lease, type NewJob } from '@orchestra/runtime';

export const plannedUnits = planUnits({ plan: { deployment: null, gateDeadlineMs: 60_000 }, environmentLimit: null });

/** Admits a run of a repository and leaves its first job undone. Returns its id. */
export async function admitRun({ store, ids }: Backends, change: Partial<RunState> = {}): Promise<string> {
  const runId = ids.next();
  const repository = change.repository ?? 'acme/shop';
  await store.admit({
    identity: {
      runId,
      repository,
      ref: `refs/heads/${change.branch ?? runId}`,
      branch: change.branch ?? runId,
      commit: 'a'.repeat(40),
      before: null,
      author: change.author ?? 'Ada',
      message: change.message ?? 'Change the shop',
      trigger: 'PUSH',
      pullRequest: null,
      cloneUrl: 'file:///srv/git/shop.git',
      environmentLimit: null,
      metadata: {},
    },
    delivery: runId,
    content: runId,
    job: jobFor(runId, 'gitops'),
    hopsLimit: 100,
    maxSupersedes: 5,
    notes: [],
    actor: null,
  });
  return runId;
}

/** Ends the first job of a run as gitops would, with a plan, an event and what `change` says. */
export async function endFirstJob(backends: Backends, runId: string, change: Partial<Finish> = {}): Promise<void> {
  const { store } = backends;
  const job = await store.claim({ service: 'gitops', owner: 'test', leaseMs: 30_000, except: [], maxStalls: 5 });
  if (job?.runId !== runId) throw new Error('another run was first');
  const event = {
    id: nameId('event', runId),
    at: new Date(0).toISOString(),
    kind: 'event',
    service: 'gitops',
    unit: 'gitops',
  } as const;
  await store.finish(leaseOf(job), {
    ...emptyFinish,
    status: 'success',
    plan: { units: plannedUnits, deadlineMs: 3_600_000, hopsLimit: 100 },
    history: [{ ...event, generation: 1, what: 'code_push', reason: null, causes: [runId], detail: {} }],
    ...change,
  });
}

/** The write of a target that was blocked after a run. */
export function aBlockedTarget(runId: string): NonNullable<Finish['target']> {
  const name = { repository: 'acme/shop', environment: 'production', service: 'shop' };
  const blocked = { reason: 'No answer', runId, at: new Date(0).toISOString() };
  const target = JSON.stringify({ ...createTarget(name), blocked });
  const key = 'acme/shop/production/shop';
  return { key, expected: 0, target, wake: [], quarantine: [], unlessQuarantined: null };
}

/** The write of an environment whose infrastructure a run has applied. */
export function anAppliedEnvironment(runId: string, environment: string): NonNullable<Finish['target']> {
  const name = { repository: 'acme/shop', environment, service: infrastructureName };
  const at = new Date(0).toISOString();
  const applied = { runId, generation: 1, sequence: 1, commit: 'a'.repeat(40), at, driftCheckMs: null };
  const target = JSON.stringify({ ...createTarget(name), infrastructure: { ...untouchedInfrastructure, applied } });
  return { key: targetKey(name), expected: 0, target, wake: [], quarantine: [], unlessQuarantined: null };
}

/** What rollback would tell of its decisions in a run. */
export async function seedRollback(backends: Backends, runId: string, slice: Record<string, object>): Promise<void> {
  await seedSlice(backends, runId, { service: 'rollback', unit: 'rollback/production/web', slice });
}

interface Seeded {
  service: 'rollback' | 'iac';
  unit: string;
  slice: Record<string, object>;
}

/** What a service has written into its slice of a run. */
export async function seedSlice({ store }: Backends, runId: string, { service, unit, slice }: Seeded): Promise<void> {
  const jobId = jobIdOf(service, runId, 'seed');
  await store.enqueue({ ...jobFor(runId, unit), jobId, service });
  const job = await store.claim({ service, owner: 'test', leaseMs: 30_000, except: [], maxStalls: 5 });
  if (job === null) throw new Error(`no job of ${service}`);
  const told = Object.entries(slice).map(([key, value]): [string, string] => [key, JSON.stringify(value)]);
  await store.finish(leaseOf(job), { ...emptyFinish, status: 'success', slice: Object.fromEntries(told) });
}

function leaseOf({ jobId, service, token }: Lease): Lease {
  return { jobId, service, token };
}

function jobFor(runId: string, unit: string): NewJob {
  return {
    jobId: jobIdOf('gitops', runId, unit),
    service: 'gitops',
    runId,
    generation: 1,
    unit,
    handler: 'fetch',
    payload: '{"big":"payload"}',
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
