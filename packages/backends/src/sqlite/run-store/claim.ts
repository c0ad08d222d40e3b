import type { ServiceName, Wish } from '@orchestra/contracts';
import type { Claim, ClaimedJob, Lease } from '@orchestra/runtime';
import { numberOf } from '../row.ts';
import { decideLate } from './gates.ts';
import { findLeased, readJobFacts, toStoredJob, writeJobUnit, type StoredJob } from './jobs.ts';
import { hint, type Step } from './step.ts';
import { bindingWishes } from './wishes.ts';

const due = `SELECT * FROM jobs WHERE service = ? AND due_at <= ? AND handler NOT IN (SELECT value FROM json_each(?))
  ORDER BY due_at, position LIMIT 1`;

const lease = `UPDATE jobs SET status = 'running', due_at = NULL, token = ?, owner = ?, lease_ends_at = ?, attempt = ?,
  fresh = 0, park_reason = NULL, answer_key = NULL, woken = 0, wake_memo = NULL, memo = ? WHERE job_id = ?`;

/** Gives the first due job to a worker, under a token that no lease had before. */
export function claim(step: Step, { service, owner, leaseMs, except, maxStalls }: Claim): ClaimedJob | null {
  const row = step.db.get(due, [service, step.now, JSON.stringify(except)]);
  if (row === null) return null;
  const job = toStoredJob(row);
  const token = takeToken(step);
  const attempt = job.attempt + (job.fresh ? 1 : 0);
  // A wake that a dead worker never heard of is not lost: it comes with the next claim.
  const memo = job.woken ? job.wakeMemo : job.memo;
  step.db.run(lease, [token, owner, step.now + leaseMs, attempt, memo, job.jobId]);
  writeJobUnit(step, job, { status: 'running', reason: null, message: null });

  const { jobId, runId, generation, unit, stalls, parks, bound } = job;
  const gate = job.gateInputs !== null && job.gate === null ? decideLate(step, job) : job.gate;
  const wishes = [...bindingWishes(step, job), ...(stalls >= maxStalls ? [stalled(step, job)] : [])];
  const facts = { ...readJobFacts(row), ...(gate ? { causes: gate.arrived.map(({ eventId }) => eventId) } : {}) };
  return {
    ...facts,
    jobId,
    service,
    token,
    runId,
    generation,
    unit,
    attempt,
    stalls,
    parks,
    bound,
    gate,
    wishes,
    memo,
  };
}

function takeToken(step: Step): number {
  const row = step.db.get(
    `INSERT INTO counters VALUES ('token', 1) ON CONFLICT DO UPDATE SET value = value + 1 RETURNING value`,
  );
  return row === null ? 1 : numberOf(row, 'value');
}

function stalled(step: Step, { generation }: StoredJob): Wish {
  const at = new Date(step.now).toISOString();
  return { wish: 'stalled', generation, units: null, reason: 'stalls_used_up', actor: null, at };
}

/** Extends a held lease, whatever is wished. */
export function renew(
  step: Step,
  held: Lease,
  leaseMs: number,
): { kind: 'held'; wishes: readonly Wish[] } | { kind: 'lost' } {
  const job = findLeased(step, held);
  if (job === null) return { kind: 'lost' };
  step.db.run('UPDATE jobs SET lease_ends_at = ? WHERE job_id = ?', [step.now + leaseMs, job.jobId]);
  return { kind: 'held', wishes: bindingWishes(step, job) };
}

const backToQueue = `UPDATE jobs SET status = 'queued', due_at = ?, owner = NULL, lease_ends_at = NULL`;

/** Queues the job again; its next claim is a new attempt. */
export function retryLater(step: Step, held: Lease, again: { delayMs: number; error: string }): 'queued' | 'fenced' {
  const job = findLeased(step, held);
  if (job === null) return 'fenced';
  // Nothing sleeps under a wish: it is claimed at once, and its worker ends it.
  const delayMs = bindingWishes(step, job).length > 0 ? 0 : again.delayMs;
  step.db.run(`${backToQueue}, fresh = 1, error = ? WHERE job_id = ?`, [step.now + delayMs, again.error, job.jobId]);
  queueUnit(step, job);
  return 'queued';
}

/** Gives a job back unharmed. */
export function release(step: Step, held: Lease): 'released' | 'fenced' {
  const job = findLeased(step, held);
  if (job === null) return 'fenced';
  step.db.run(`${backToQueue} WHERE job_id = ?`, [step.now, job.jobId]);
  queueUnit(step, job);
  return 'released';
}

const expired = `SELECT * FROM jobs WHERE service = ? AND lease_ends_at < ? ORDER BY lease_ends_at LIMIT ?`;

/** Queues jobs whose worker let the lease expire. */
export function reap(step: Step, service: ServiceName, limit: number): number {
  const jobs = step.db.poll(expired, [service, step.now, limit]).map(toStoredJob);
  for (const job of jobs) {
    step.db.run(`${backToQueue}, stalls = stalls + 1 WHERE job_id = ?`, [step.now, job.jobId]);
    queueUnit(step, job);
  }
  return jobs.length;
}

function queueUnit(step: Step, job: StoredJob): void {
  writeJobUnit(step, job, { status: 'queued', reason: null, message: null });
  hint(step, job.service, 'jobs');
}
