import type { Lease, Park, Parked } from '@orchestra/runtime';
import { textOf } from '../row.ts';
import { findLeased, wakeJob, writeJobUnit, type StoredJob } from './jobs.ts';
import { hint, type Step } from './step.ts';
import { refusalOf, writeTarget } from './targets.ts';
import { runExists, writeSlice } from './units.ts';
import { bindingWishes } from './wishes.ts';

const sleep = `UPDATE jobs SET status = 'parked', due_at = ?, memo = ?, park_reason = ?, answer_key = ?, parks = parks + 1,
  owner = NULL, lease_ends_at = NULL WHERE job_id = ?`;

/** Lets a job sleep without a worker, unless what it would wait for is here. */
export function park(step: Step, lease: Lease, asked: Park): Parked {
  const job = findLeased(step, lease);
  if (job === null) return 'fenced';
  if (bindingWishes(step, job).length > 0) return 'wished';
  if (isAnswered(step, job, asked.answerKey)) return 'answered';
  const refusal = refusalOf(step, asked.target);
  if (refusal !== null) return refusal;

  const { reason, message, delayMs, memo, answerKey, status } = asked;
  step.db.run(sleep, [delayMs === null ? null : step.now + delayMs, memo, reason, answerKey, job.jobId]);
  writeJobUnit(step, job, { status, reason, message });
  writeSlice(step, job, asked.slice);
  writeTarget(step, lease, asked.target);
  // The worker that parks it sleeps until the next due time that it knows of.
  if (delayMs !== null) hint(step, job.service, 'jobs');
  return 'parked';
}

/** An answer that came first, or a wake that came while the job worked. Tells it to decide again on fresh facts. */
function isAnswered(step: Step, job: StoredJob, answerKey: string | null): boolean {
  if (job.woken) {
    step.db.run('UPDATE jobs SET woken = 0, memo = wake_memo, wake_memo = NULL WHERE job_id = ?', [job.jobId]);
    return true;
  }
  return answerKey !== null && job.runId !== null && readAnswer(step, job.runId, answerKey) !== null;
}

export function readAnswer(step: Step, runId: string, answerKey: string): string | null {
  const row = step.db.get('SELECT memo FROM answers WHERE run_id = ? AND key = ?', [runId, answerKey]);
  return row && textOf(row, 'memo');
}

const waiting = `SELECT job_id FROM jobs WHERE run_id = ? AND answer_key = ? AND status = 'parked'`;

/** Stores a person's answer; the first one stands. */
export function answer(
  step: Step,
  { runId, answerKey, memo }: { runId: string; answerKey: string; memo: string },
): 'stored' | 'already' | 'run_unknown' {
  if (!runExists(step, runId)) return 'run_unknown';
  if (step.db.run('INSERT OR IGNORE INTO answers VALUES (?, ?, ?)', [runId, answerKey, memo]) === 0) return 'already';
  for (const row of step.db.all(waiting, [runId, answerKey])) wakeJob(step, textOf(row, 'job_id'), memo);
  return 'stored';
}
