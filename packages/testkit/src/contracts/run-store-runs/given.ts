import { randomUUID } from 'node:crypto';
import type { PlannedUnit, ServiceName } from '@orchestra/contracts';
import type {
  Acceptance,
  Admission,
  ClaimedJob,
  Finish,
  GateInput,
  GateJob,
  Lease,
  NewJob,
  Park,
  Retry,
  RunStore,
  SetWish,
} from '@orchestra/runtime';
import { aFinish as finishOf, aNewJob, anAdmission } from '../../given-run.ts';

export { anAdmission } from '../../given-run.ts';

export const hour = 3_600_000;
export const leaseMs = 30_000;

/** A job of build for a run, with an id of its own. */
export function aJob(runId: string | null, change: Partial<NewJob> = {}): NewJob {
  return aNewJob({ runId, unit: 'build', ...change });
}

/** A gate of iac that waits for the tests and both analyses, for an hour. */
export function aGate(runId: string, change: Partial<GateJob> = {}): GateJob {
  const gate = { runId, service: 'iac', unit: 'iac/staging', handler: 'gate', delayMs: hour } as const;
  return { ...aJob(runId), ...gate, inputs: ['test', 'code_analysis/source', 'code_analysis/artifact'], ...change };
}

/** Admits a run and returns its id. */
export async function admitRun(store: RunStore, change: Partial<Admission['identity']> = {}): Promise<string> {
  const admitted = await store.admit(anAdmission(change));
  return admitted.runId;
}

/** An event of the run that makes nothing by itself. */
export function anAcceptance(runId: string | null, change: Partial<Acceptance> = {}): Acceptance {
  return { service: 'build', eventId: randomUUID(), runId, job: null, arm: [], input: null, follow: false, ...change };
}

export function anInput(unit: string, change: Partial<GateInput> = {}): GateInput {
  return { unit, generation: 1, status: 'success', eventId: randomUUID(), ...change };
}

export function aFinish(change: Partial<Finish> = {}): Finish {
  return finishOf({ status: 'success', ...change });
}

export function aPark(change: Partial<Park> = {}): Park {
  const nothing = { message: null, delayMs: null, memo: null, answerKey: null, target: null };
  return { reason: 'approval', status: 'waiting', slice: {}, ...nothing, ...change };
}

export function aWish(runId: string, change: Partial<SetWish> = {}): SetWish {
  return { runId, wish: 'cancel', generation: null, units: null, reason: 'asked', actor: 'ada', ...change };
}

export function aRetry(runId: string, change: Partial<Retry> = {}): Retry {
  return { runId, expected: 1, remade: ['test'], jobs: [], gates: [], deadlineMs: hour, actor: 'ada', ...change };
}

/** Units of a plan without order or gates, all of one service. */
function plannedUnits(...units: readonly string[]): PlannedUnit[] {
  return units.map((unit) => ({ unit, service: 'deploy', after: [], gate: null, gateDeadlineMs: hour }));
}

/** Claims the first due job of a service; null: none is due. */
export async function claimFrom(store: RunStore, service: ServiceName): Promise<ClaimedJob | null> {
  return store.claim({ service, owner: 'a worker', leaseMs, except: [], maxStalls: 5 });
}

/** Claims a job that has to be there. */
export async function mustClaim(store: RunStore, service: ServiceName): Promise<ClaimedJob> {
  const job = await claimFrom(store, service);
  if (job === null) throw new Error(`No job of ${service} is due`);
  return job;
}

/** Claims jobs of a service until none is due. */
export async function claimAll(store: RunStore, service: ServiceName): Promise<ClaimedJob[]> {
  const claimed: ClaimedJob[] = [];
  for (;;) {
    const job = await claimFrom(store, service);
    if (job === null) return claimed;
    claimed.push(job);
  }
}

/** Admits a run whose gitops job has planned these units. Gitops' own unit is done. */
export async function planRun(
  store: RunStore,
  units: readonly string[],
  change: Partial<Admission['identity']> = {},
): Promise<string> {
  const runId = await admitRun(store, change);
  const lease: Lease = await mustClaim(store, 'gitops');
  const plan = { units: plannedUnits('gitops', ...units), deadlineMs: hour, hopsLimit: 40 };
  await store.finish(lease, aFinish({ plan }));
  return runId;
}

interface UnitWork {
  runId: string;
  unit: string;
  service?: ServiceName;
  generation?: number;
}

/** Gives a unit a job and claims it. */
export async function workAt(
  store: RunStore,
  { runId, unit, service = 'deploy', generation = 1 }: UnitWork,
): Promise<ClaimedJob> {
  const job = aJob(runId, { unit, service, generation, handler: `work at ${unit}` });
  await store.accept(anAcceptance(runId, { service, job }));
  return mustClaim(store, service);
}
