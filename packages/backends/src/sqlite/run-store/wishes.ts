import type { Wish } from '@orchestra/contracts';
import type { SetWish } from '@orchestra/runtime';
import { decodeService, decodeTexts, decodeWishKind } from '../decode.ts';
import { maybeText, numberOf, textOf, timeOf } from '../row.ts';
import type { Row } from '../database.ts';
import { hint, type Step } from './step.ts';

/** Sets a wish, and makes every job ready that waits and is bound by it. */
export function setWish(step: Step, wish: SetWish): 'set' | 'already' | 'run_unknown' | 'ended' {
  const run = step.db.get('SELECT generation, ended_at FROM runs WHERE run_id = ?', [wish.runId]);
  if (run === null) return 'run_unknown';
  if (run['ended_at'] !== null) return 'ended';
  const generation = wish.generation ?? numberOf(run, 'generation');
  if (isSet(step, wish, generation)) return 'already';
  storeWish(step, wish, generation);
  return 'set';
}

/** Writes a wish without asking whether it is there, and wakes what it binds. The run must exist. */
export function storeWish(step: Step, wish: SetWish, generation: number): void {
  const { runId, units, reason, actor } = wish;
  const unitsJson = units === null ? null : JSON.stringify(units);
  step.db.run('INSERT INTO wishes (run_id, wish, generation, units, reason, actor, at) VALUES (?, ?, ?, ?, ?, ?, ?)', [
    runId,
    wish.wish,
    generation,
    unitsJson,
    reason,
    actor,
    step.now,
  ]);
  step.touched.add(runId);
  const woken = step.db.all(wakeBound, [step.now, runId, generation, step.now, unitsJson, unitsJson]);
  for (const row of woken) hint(step, decodeService(textOf(row, 'service')), 'jobs');
}

// Whatever sleeps: parked jobs, undecided gates, delayed jobs and retries that wait for their turn.
const wakeBound = `UPDATE jobs SET status = 'queued', due_at = ?, park_reason = NULL, answer_key = NULL
  WHERE run_id = ? AND bound = 1 AND generation <= ? AND status IN ('parked', 'queued')
  AND (due_at IS NULL OR due_at > ?) AND (? IS NULL OR unit IN (SELECT value FROM json_each(?))) RETURNING service`;

function isSet(step: Step, { runId, wish, units }: SetWish, generation: number): boolean {
  return readWishes(step, runId).some(
    (known) => known.wish === wish && known.generation >= generation && sameUnits(known.units, units),
  );
}

function sameUnits(one: readonly string[] | null, other: readonly string[] | null): boolean {
  if (one === null || other === null) return one === other;
  const names = new Set(one);
  return names.size === new Set(other).size && other.every((unit) => names.has(unit));
}

/** All wishes of a run, in the order in which they were set. */
export function readWishes(step: Pick<Step, 'db'>, runId: string): Wish[] {
  return step.db.all('SELECT * FROM wishes WHERE run_id = ? ORDER BY position', [runId]).map(toWish);
}

/** The wishes that bind a job now. */
export function bindingWishes(step: Step, job: Bound): Wish[] {
  const { runId, unit } = job;
  if (!job.bound || runId === null) return [];
  return readWishes(step, runId).filter(
    ({ generation, units }) =>
      generation >= job.generation && (units === null || (unit !== null && units.includes(unit))),
  );
}

interface Bound {
  bound: boolean;
  runId: string | null;
  generation: number;
  unit: string | null;
}

function toWish(row: Row): Wish {
  const units = maybeText(row, 'units');
  return {
    wish: decodeWishKind(textOf(row, 'wish')),
    generation: numberOf(row, 'generation'),
    units: units === null ? null : decodeTexts(units),
    reason: textOf(row, 'reason'),
    actor: maybeText(row, 'actor'),
    at: timeOf(row, 'at'),
  };
}
