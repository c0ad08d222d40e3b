import { textOf } from '../row.ts';
import { dropOldSamples } from './samples.ts';
import type { Step } from './step.ts';

// So many runs at most in one step, so that it stays short.
const mostRuns = 50;

const expiredRuns = `SELECT run_id FROM runs WHERE ended_at < ? AND NOT EXISTS (
  SELECT 1 FROM targets, json_each(targets.target, '$.pins') AS pin WHERE pin.value = runs.run_id)
  ORDER BY ended_at LIMIT ?`;

/**
 * Removes what is older than the retention: ended runs that no target pins, what was remembered without a run, and samples.
 *
 * @returns whether that was all; false: there may be more
 */
export function sweep(step: Step, retentionMs: number): boolean {
  const before = step.now - retentionMs;
  const expired = step.db.all(expiredRuns, [before, mostRuns]);
  for (const row of expired) removeRun(step, textOf(row, 'run_id'));
  step.db.run('DELETE FROM admissions WHERE at < ?', [before]);
  step.db.run(`DELETE FROM seen WHERE run_id = '-' AND at < ?`, [before]);
  step.db.run('DELETE FROM jobs WHERE run_id IS NULL AND done_at < ?', [before]);
  step.db.run(forgottenRefs);
  const isRest = dropOldSamples(step);
  return expired.length < mostRuns && !isRest;
}

// How often the pushes of a ref gave way to newer ones; the ref may be long gone.
const forgottenRefs = `DELETE FROM refs WHERE NOT EXISTS (
  SELECT 1 FROM runs WHERE runs.repository = refs.repository AND runs.ref = refs.ref)`;

function removeRun(step: Step, runId: string): void {
  // The tables that refer to a run follow it by themselves.
  step.db.run('DELETE FROM runs WHERE run_id = ?', [runId]);
  step.db.run('DELETE FROM jobs WHERE run_id = ?', [runId]);
  step.db.run('DELETE FROM seen WHERE run_id = ?', [runId]);
}
