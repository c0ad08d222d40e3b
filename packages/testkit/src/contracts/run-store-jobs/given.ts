import type { ServiceName } from '@orchestra/contracts';
import type {
  Admission,
  Claim,
  ClaimedJob,
  HistoryEntry,
  NewJob,
  OutboxRecord,
  Park,
  RunStore,
  TargetChange,
} from '@orchestra/runtime';
import { aNewJob, anAdmission as admissionOf } from '../../given-run.ts';

export { aFinish } from '../../given-run.ts';

/** A run store under test. It is empty, and nobody else uses it. */
export interface RunStoreUnderTest {
  store: RunStore;
  /** Moves the store's clock on. */
  advance(ms: number): Promise<void>;
  close(): Promise<void>;
}

export type Under = () => RunStoreUnderTest;

export const minute = 60_000;
export const run = '0197a000-0000-7000-8000-000000000001';
export const otherRun = '0197a000-0000-7000-8000-000000000002';

/** A job of build without a run; due at once. */
export function aJob(over: Partial<NewJob> = {}): NewJob {
  const given = { jobId: 'job-1', payload: '{"list":[]}', cause: 'event-1', hops: 1, maxMs: minute };
  return aNewJob({ ...given, ...over });
}

export function anAdmission(over: Partial<Admission> = {}): Admission {
  const identity = { runId: run, repository: 'acme/shop', commit: 'c0ffee', message: null, metadata: {} };
  const job = aJob({ jobId: 'first', service: 'gitops', runId: run, unit: 'gitops' });
  return admissionOf(identity, { delivery: 'delivery-1', content: 'content-1', job, hopsLimit: 40, ...over });
}

/** What admits `otherRun`, of another repository. */
export function anotherAdmission(): Admission {
  const identity = { ...anAdmission().identity, runId: otherRun, repository: 'acme/other' };
  const job = aJob({ jobId: 'other-first', service: 'gitops', runId: otherRun, unit: 'gitops' });
  return { ...anAdmission({ delivery: 'd2', content: 'c2', job }), identity };
}

export function aPark(over: Partial<Park> = {}): Park {
  return {
    reason: 'lane',
    message: null,
    delayMs: null,
    memo: null,
    answerKey: null,
    status: 'waiting',
    slice: {},
    target: null,
    ...over,
  };
}

/** Makes the target, when nobody made it before. */
export function aChange(over: Partial<TargetChange> = {}): TargetChange {
  return {
    key: 'acme/shop/staging/web',
    expected: 0,
    target: '{"epoch":1}',
    wake: [],
    quarantine: [],
    unlessQuarantined: null,
    ...over,
  };
}

export function aRecord(over: Partial<OutboxRecord> = {}): OutboxRecord {
  return {
    id: 'event-out-1',
    topic: 'build_ready',
    key: run,
    value: Buffer.from([0, 0, 0, 0, 7, 255, 200]),
    headers: { ce_id: 'event-out-1' },
    ...over,
  };
}

export function anEntry(over: Partial<HistoryEntry> = {}): HistoryEntry {
  return {
    id: 'entry-1',
    at: '2030-01-01T00:00:00.000Z',
    kind: 'decision',
    service: 'build',
    unit: 'build',
    generation: 1,
    what: 'cache used',
    reason: null,
    causes: [],
    detail: { list: [] },
    ...over,
  };
}

export function aClaim(over: Partial<Claim> = {}): Claim {
  return { service: 'build', owner: 'worker-1', leaseMs: minute, except: [], maxStalls: 5, ...over };
}

/** Claims the next job of a service, which must be there. */
export async function claimed(store: RunStore, service: ServiceName = 'build'): Promise<ClaimedJob> {
  const job = await store.claim(aClaim({ service }));
  if (job === null) throw new Error(`no job of ${service} is due`);
  return job;
}

/** A run that gitops admitted, with build's job running: the usual beginning. */
export async function givenBuilding(store: RunStore, over: Partial<NewJob> = {}): Promise<ClaimedJob> {
  await store.admit(anAdmission());
  await store.enqueue(aJob({ runId: run, unit: 'build', ...over }));
  return claimed(store);
}

/** Everything that can be seen of a store, but for ages: two of these are equal when nothing was written between them. */
export async function observe(store: RunStore): Promise<unknown> {
  const services = ['gitops', 'build', 'iac', 'deploy', 'chatops'] as const;
  const counts = services.map(async (service) => {
    const { ready, leased, parked, outbox } = await store.stats(service);
    return { ready, leased, parked, outbox };
  });
  return {
    runs: await store.listRuns({ repository: null, limit: 10, before: null }),
    jobs: await store.readJobs(run),
    job: await store.readJob('job-1'),
    history: await store.readHistory(run),
    targets: await store.listTargets(null),
    quarantine: await store.readQuarantine('acme/shop'),
    counts: await Promise.all(counts),
  };
}
