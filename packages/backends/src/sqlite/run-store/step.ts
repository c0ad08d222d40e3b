import { OrchestraError, type ServiceName } from '@orchestra/contracts';
import type { Hint } from '@orchestra/runtime';
import type { Database } from '../database.ts';
import { flagOf, numberOf, textOf } from '../row.ts';

/** One atomic step: what it reads and writes, and what has to follow before it is committed. */
export interface Step {
  readonly db: Database;
  /** The store's time, milliseconds since 1970; one value for the whole step. */
  readonly now: number;
  /** Runs that this step changed: their revision rises once. */
  readonly touched: Set<string>;
  /** The names of hints to give. */
  readonly hints: Set<string>;
}

const renderers: readonly ServiceName[] = ['gitops', 'chatops'];

/** The name under which a service is given a hint. */
export function hintName(service: ServiceName, what: Hint): string {
  return `${what}:${service}`;
}

/** The service has something new to look at; it is told when the step has returned. */
export function hint({ hints }: Step, service: ServiceName, what: Hint): void {
  hints.add(hintName(service, what));
}

/** Runs a step of an initialized store; it is durable when this resolves. */
export async function inStep<T>(db: Database, work: (step: Step) => T): Promise<T> {
  const step: Step = { db, now: db.nowMs(), touched: new Set(), hints: new Set() };
  const result = await db.step(() => {
    requireIdentity(db);
    const value = work(step);
    for (const runId of step.touched) settleRun(step, runId);
    return value;
  });
  db.wakes.wake(step.hints);
  return result;
}

/** Looks at an initialized store. `work` writes nothing. */
export function inView<T>(db: Database, work: (step: Step) => T): Promise<T> {
  return db.step(() => {
    requireIdentity(db);
    return work({ db, now: db.nowMs(), touched: new Set(), hints: new Set() });
  });
}

/** The identity marker, or null. */
export function readIdentity(db: Database): string | null {
  const row = db.get(`SELECT value FROM meta WHERE key = 'identity'`);
  return row && textOf(row, 'value');
}

// A marker stays for as long as the file is open here, and this process owns the file.
const marked = new WeakSet<Database>();

function requireIdentity(db: Database): void {
  if (marked.has(db)) return;
  if (readIdentity(db) !== null) {
    marked.add(db);
    return;
  }
  throw new OrchestraError('STORE_NOT_INITIALIZED', 'The store has no identity marker', { retriable: true });
}

/** What every change of a run leads to, once a step: revision, end, rendering. */
function settleRun(step: Step, runId: string): void {
  const run = step.db.get(nextRevision, [runId]);
  if (run === null) return;
  // A run without a plan has not ended.
  if (flagOf(run, 'planned')) settleEnd(step, runId);
  step.db.run(
    markDirty,
    renderers.flatMap((service) => [service, runId, step.now]),
  );
  for (const service of renderers) hint(step, service, 'runs');
}

const nextRevision = `UPDATE runs SET v = v + 1 WHERE run_id = ? RETURNING planned_units <> '[]' AS planned`;

// A mark that waits already keeps its time: the renderer reads the newest revision anyway.
const markDirty = `INSERT OR IGNORE INTO dirty (service, run_id, due_at) VALUES ${renderers.map(() => '(?, ?, ?)').join()}`;

const terminal = `('success', 'not_needed', 'failure', 'error', 'skipped', 'cancelled', 'timed_out', 'unknown')`;
// The plan is read only when no unit that has a status is under way.
const hasEnded = `SELECT runs.ended_at IS NOT NULL AS was,
  CASE WHEN EXISTS (SELECT 1 FROM units WHERE units.run_id = runs.run_id AND status NOT IN ${terminal}) THEN 0
  ELSE json_array_length(planned_units) > 0 AND NOT EXISTS (
    SELECT 1 FROM json_each(planned_units) AS planned
    WHERE planned.value ->> 'unit' NOT IN (SELECT unit FROM units WHERE units.run_id = runs.run_id)
  ) END AS ends
  FROM runs WHERE run_id = ?`;

/** A run ends with its last unit, and opens again when a unit does. */
function settleEnd(step: Step, runId: string): void {
  const row = step.db.get(hasEnded, [runId]);
  if (row === null || numberOf(row, 'was') === numberOf(row, 'ends')) return;
  const ends = numberOf(row, 'ends') === 1;
  step.db.run('UPDATE runs SET ended_at = ? WHERE run_id = ?', [ends ? step.now : null, runId]);
  if (ends) step.db.run(forgetSupersedes, [runId]);
}

// A run that deployed shows that this ref does not starve.
const forgetSupersedes = `UPDATE refs SET supersedes = 0 WHERE (repository, ref) IN (
  SELECT repository, ref FROM runs WHERE run_id = ? AND EXISTS (
    SELECT 1 FROM units WHERE units.run_id = runs.run_id AND unit LIKE 'deploy/%' AND status = 'success'))`;
