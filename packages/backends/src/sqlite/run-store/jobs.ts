import type { ServiceName } from '@orchestra/contracts';
import type { GateVerdict, JobRecord, Lease, NewJob } from '@orchestra/runtime';
import type { Row } from '../database.ts';
import { decodeJobStatus, decodeService, decodeTexts, decodeVerdict } from '../decode.ts';
import { flagOf, maybeNumber, maybeText, maybeTime, numberOf, textOf, timeOf } from '../row.ts';
import { hint, type Step } from './step.ts';
import { runExists, writeUnit } from './units.ts';
import { bindingWishes } from './wishes.ts';

/** A job as it is stored. */
export interface StoredJob {
  jobId: string;
  service: ServiceName;
  runId: string | null;
  generation: number;
  unit: string | null;
  bound: boolean;
  status: JobRecord['status'];
  token: number | null;
  attempt: number;
  fresh: boolean;
  stalls: number;
  parks: number;
  woken: boolean;
  wakeMemo: string | null;
  memo: string | null;
  /** Null: not a gate's job. */
  gateInputs: readonly string[] | null;
  gateDueAt: number | null;
  gate: GateVerdict | null;
  row: Row;
}

/** Creates a job that is due after its delay, unless it exists. Under a wish that binds it nothing waits. */
export function createJob(step: Step, job: NewJob): boolean {
  if (!insertJob(step, job)) return false;
  const { runId, unit, generation, delayMs } = job;
  if (runId !== null && unit !== null && delayMs === 0) {
    writeUnit(step, { runId, unit, generation, status: 'queued', reason: null, message: null });
  }
  return true;
}

const insert = `INSERT OR IGNORE INTO jobs (job_id, service, run_id, generation, unit, handler, payload, cause, causes, hops,
  max_attempts, max_ms, bound, traceparent, created_at, status, due_at, gate_inputs, gate_due_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

/** Writes the job alone. `inputs`: those of a gate, whose job is parked in any case. */
export function insertJob(step: Step, job: NewJob, inputs: readonly string[] | null = null): boolean {
  const dueAt = step.now + job.delayMs;
  const gate = inputs === null ? [null, null] : [JSON.stringify(inputs), dueAt];
  const { jobId, service, runId, generation, unit, handler, payload, cause, hops, maxAttempts, maxMs, traceparent } =
    job;
  const source = [jobId, service, runId, generation, unit, handler, payload, cause, JSON.stringify(job.causes), hops];
  const limits = [maxAttempts, maxMs, Number(job.bound), traceparent, step.now];
  const created = step.db.run(insert, [...source, ...limits, ...whenDue(step, job, inputs !== null), ...gate]);
  // Also for a job that is due later: the service has to learn when.
  if (created > 0) hint(step, job.service, 'jobs');
  return created > 0;
}

/** Status and due time of a new job. */
function whenDue(step: Step, job: NewJob, isGate: boolean): ['parked' | 'queued', number] {
  const sleeps = job.delayMs > 0 || isGate;
  if (!sleeps || bindingWishes(step, job).length > 0) return ['queued', step.now];
  return ['parked', step.now + job.delayMs];
}

export function findJob(step: Pick<Step, 'db'>, jobId: string): StoredJob | null {
  const row = step.db.get('SELECT * FROM jobs WHERE job_id = ?', [jobId]);
  return row && toStoredJob(row);
}

/** The job of a lease that still holds, or null: the lease is lost. An expired lease holds until it is reaped. */
export function findLeased(step: Step, { jobId, service, token }: Lease): StoredJob | null {
  const job = findJob(step, jobId);
  return job?.status === 'running' && job.service === service && job.token === token ? job : null;
}

/** Writes the status of the job's unit, where it has one. */
export function writeJobUnit(
  step: Step,
  job: StoredJob,
  written: { status: Parameters<typeof writeUnit>[1]['status']; reason: string | null; message: string | null },
): void {
  const { runId, unit, generation } = job;
  if (runId !== null && unit !== null) writeUnit(step, { runId, unit, generation, ...written });
}

/** Makes a parked job due now and tells it something; a running one learns it when it wants to park. */
export function wakeJob(step: Step, jobId: string, memo: string | null): void {
  const job = findJob(step, jobId);
  // An undecided gate has no handler that could look at a memo: it waits for its inputs.
  if (job === null || (job.gateInputs !== null && job.gate === null)) return;
  if (job.status === 'running') {
    step.db.run('UPDATE jobs SET woken = 1, wake_memo = ? WHERE job_id = ?', [memo, jobId]);
  }
  if (job.status !== 'parked') return;
  step.db.run(
    `UPDATE jobs SET status = 'queued', due_at = ?, memo = ?, park_reason = NULL, answer_key = NULL WHERE job_id = ?`,
    [step.now, memo, jobId],
  );
  hint(step, job.service, 'jobs');
}

/** Raises the revision of the job's run, where it has one. */
export function touchRunOf(step: Step, { runId }: StoredJob): void {
  if (runId !== null && runExists(step, runId)) step.touched.add(runId);
}

export function toStoredJob(row: Row): StoredJob {
  const inputs = maybeText(row, 'gate_inputs');
  return {
    jobId: textOf(row, 'job_id'),
    service: decodeService(textOf(row, 'service')),
    runId: maybeText(row, 'run_id'),
    generation: numberOf(row, 'generation'),
    unit: maybeText(row, 'unit'),
    bound: flagOf(row, 'bound'),
    status: decodeJobStatus(textOf(row, 'status')),
    token: maybeNumber(row, 'token'),
    attempt: numberOf(row, 'attempt'),
    fresh: flagOf(row, 'fresh'),
    stalls: numberOf(row, 'stalls'),
    parks: numberOf(row, 'parks'),
    woken: flagOf(row, 'woken'),
    wakeMemo: maybeText(row, 'wake_memo'),
    memo: maybeText(row, 'memo'),
    gateInputs: inputs === null ? null : decodeTexts(inputs),
    gateDueAt: maybeNumber(row, 'gate_due_at'),
    gate: decodeVerdict(maybeText(row, 'gate_verdict')),
    row,
  };
}

/** The job as people see it. */
export function toJobRecord(row: Row): JobRecord {
  return {
    jobId: textOf(row, 'job_id'),
    service: decodeService(textOf(row, 'service')),
    runId: maybeText(row, 'run_id'),
    generation: numberOf(row, 'generation'),
    unit: maybeText(row, 'unit'),
    handler: textOf(row, 'handler'),
    payload: textOf(row, 'payload'),
    cause: textOf(row, 'cause'),
    status: decodeJobStatus(textOf(row, 'status')),
    attempt: numberOf(row, 'attempt'),
    stalls: numberOf(row, 'stalls'),
    parkReason: maybeText(row, 'park_reason'),
    dueAt: maybeTime(row, 'due_at'),
    owner: maybeText(row, 'owner'),
    leaseEndsAt: maybeTime(row, 'lease_ends_at'),
    error: maybeText(row, 'error'),
  };
}

/** What a worker gets of the stored job besides what claiming it decides. */
export function readJobFacts(row: Row) {
  return {
    handler: textOf(row, 'handler'),
    payload: textOf(row, 'payload'),
    cause: textOf(row, 'cause'),
    causes: decodeTexts(textOf(row, 'causes')),
    hops: numberOf(row, 'hops'),
    maxAttempts: numberOf(row, 'max_attempts'),
    maxMs: numberOf(row, 'max_ms'),
    traceparent: maybeText(row, 'traceparent'),
    createdAt: timeOf(row, 'created_at'),
  };
}
