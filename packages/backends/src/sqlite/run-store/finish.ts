import type { Finish, Finished, HistoryEntry, Lease, OutboxRecord } from '@orchestra/runtime';
import { decodeTexts } from '../decode.ts';
import { textOf } from '../row.ts';
import { createJob, findLeased, touchRunOf, writeJobUnit, type StoredJob } from './jobs.ts';
import { hint, type Step } from './step.ts';
import { refusalOf, writeTarget } from './targets.ts';
import { runExists, writeSlice } from './units.ts';
import { setWish } from './wishes.ts';

/** Ends a job: status, slice, outbox and all that follows from it, together. */
export function finish(step: Step, lease: Lease, done: Finish): Finished {
  const job = findLeased(step, lease);
  if (job === null) return 'fenced';
  const refusal = refusalOf(step, done.target);
  if (refusal !== null) return refusal;

  endJob(step, job);
  writePlan(step, job, done.plan);
  if (done.status !== null) {
    writeJobUnit(step, job, { status: done.status, reason: done.reason, message: done.message });
  }
  writeSlice(step, job, done.slice);
  writeTarget(step, lease, done.target);
  storeOutbox(step, job, done.outbox);
  storeHistory(step, job, done.history);
  for (const created of done.jobs) createJob(step, created);
  writeWish(step, job, done.wish);
  addNotes(step, job, done.notes);
  return 'finished';
}

/** Adds to history and slice while the job works. */
export function note(
  step: Step,
  lease: Lease,
  noted: { slice: Readonly<Record<string, string | null>>; history: readonly HistoryEntry[] },
): 'noted' | 'fenced' {
  const job = findLeased(step, lease);
  if (job === null) return 'fenced';
  writeSlice(step, job, noted.slice);
  storeHistory(step, job, noted.history);
  return 'noted';
}

function endJob(step: Step, { jobId }: StoredJob): void {
  step.db.run(
    `UPDATE jobs SET status = 'done', due_at = NULL, owner = NULL, lease_ends_at = NULL, woken = 0, done_at = ? WHERE job_id = ?`,
    [step.now, jobId],
  );
}

// A plan is written once, or once more by a retry that made gitops' unit anew.
const plan = `UPDATE runs SET planned_units = ?1, deadline_at = ?2, hops_limit = ?3 WHERE run_id = ?4
  AND (planned_units = '[]' OR ?5 > 1)`;

function writePlan(step: Step, { runId, generation }: StoredJob, planned: Finish['plan']): void {
  if (planned === null || runId === null) return;
  const { units, deadlineMs, hopsLimit } = planned;
  const values = [JSON.stringify(units), step.now + deadlineMs, hopsLimit, runId, generation];
  if (step.db.run(plan, values) === 0) return;
  step.touched.add(runId);
  if (generation === 1) return;
  // All of a push that is made anew is made anew, also what the retry did not know of.
  for (const { unit } of units) {
    step.db.run('INSERT OR IGNORE INTO made_units VALUES (?, ?, ?)', [runId, unit, generation]);
  }
}

function storeOutbox(step: Step, { service }: StoredJob, records: readonly OutboxRecord[]): void {
  for (const { id, topic, key, value, headers } of records) {
    step.db.run('INSERT INTO outbox (service, id, topic, key, value, headers, at) VALUES (?, ?, ?, ?, ?, ?, ?)', [
      service,
      id,
      topic,
      key,
      value,
      JSON.stringify(headers),
      step.now,
    ]);
    hint(step, service, 'outbox');
  }
}

function storeHistory(step: Step, job: StoredJob, entries: readonly HistoryEntry[]): void {
  const { runId } = job;
  if (runId === null || entries.length === 0 || !runExists(step, runId)) return;
  for (const entry of entries) storeHistoryEntry(step, runId, entry);
  touchRunOf(step, job);
}

/** Writes one line of history unless its id is there. The run must exist. */
export function storeHistoryEntry(step: Step, runId: string, entry: HistoryEntry): void {
  const insert = 'INSERT OR IGNORE INTO history (run_id, id, entry) VALUES (?, ?, ?)';
  step.db.run(insert, [runId, entry.id, JSON.stringify(entry)]);
}

function writeWish(step: Step, { runId, generation }: StoredJob, wish: Finish['wish']): void {
  if (wish === null || runId === null) return;
  setWish(step, { runId, wish: wish.wish, generation, units: null, reason: wish.reason, actor: null });
}

function addNotes(step: Step, { runId }: StoredJob, notes: readonly string[]): void {
  if (runId === null || notes.length === 0) return;
  const row = step.db.get('SELECT notes FROM runs WHERE run_id = ?', [runId]);
  if (row === null) return;
  const all = new Set([...decodeTexts(textOf(row, 'notes')), ...notes]);
  step.db.run('UPDATE runs SET notes = ? WHERE run_id = ?', [JSON.stringify([...all]), runId]);
  step.touched.add(runId);
}
