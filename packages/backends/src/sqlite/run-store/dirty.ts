import type { RunState, ServiceName } from '@orchestra/contracts';
import { textOf } from '../row.ts';
import { readRun } from './read-run.ts';
import { hint, hintName, type Step } from './step.ts';
import { patchSlice, runExists } from './units.ts';

const nextDirty = 'SELECT run_id FROM dirty WHERE service = ? AND due_at <= ? ORDER BY due_at, run_id LIMIT 1';

/** The next run to render. The mark stays until it is settled, so a renderer that dies is followed by another. */
export function claimDirty(step: Step, service: ServiceName, leaseMs: number): RunState | null {
  const row = step.db.get(nextDirty, [service, step.now]);
  if (row === null) return null;
  const runId = textOf(row, 'run_id');
  step.db.run(setMark, [step.now + leaseMs, service, runId]);
  return readRun(step, runId);
}

const setMark = 'UPDATE dirty SET due_at = ?, again = 0 WHERE service = ? AND run_id = ?';

/** Ends the rendering of revision `v`; a run that has moved on, or was followed in between, is due again. */
export function settleDirty(
  step: Step,
  { service, runId, v }: { service: ServiceName; runId: string; v: number },
): void {
  const remove = `DELETE FROM dirty WHERE service = ?1 AND run_id = ?2 AND again = 0
    AND NOT EXISTS (SELECT 1 FROM runs WHERE run_id = ?2 AND v > ?3)`;
  if (step.db.run(remove, [service, runId, v]) > 0) return;
  if (step.db.run(setMark, [step.now, service, runId]) > 0) hint(step, service, 'runs');
}

/** Both in one step; nobody is woken for what whoever asks finds next. */
export function settleAndClaimDirty(
  step: Step,
  settled: { service: ServiceName; runId: string; v: number },
  leaseMs: number,
): RunState | null {
  settleDirty(step, settled);
  step.hints.delete(hintName(settled.service, 'runs'));
  return claimDirty(step, settled.service, leaseMs);
}

/** Makes a run due for rendering though it has not changed: at once, or after the rendering that is under way. */
export function followRun(step: Step, service: ServiceName, runId: string): void {
  const mark = 'INSERT INTO dirty VALUES (?, ?, ?, 0) ON CONFLICT DO UPDATE SET again = 1';
  step.db.run(mark, [service, runId, step.now]);
  hint(step, service, 'runs');
}

/** Writes what a renderer has to remember, without a new revision. */
export function writeRendered(
  step: Step,
  of: { service: ServiceName; runId: string },
  slice: Readonly<Record<string, string | null>>,
): void {
  if (runExists(step, of.runId)) patchSlice(step, of, slice);
}
