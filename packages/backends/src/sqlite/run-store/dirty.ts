import type { RunState, ServiceName } from '@orchestra/contracts';
import { numberOf, textOf } from '../row.ts';
import { readRun } from './read-run.ts';
import type { Step } from './step.ts';
import { patchSlice, runExists } from './units.ts';

const nextDirty = 'SELECT run_id FROM dirty WHERE service = ? AND due_at <= ? ORDER BY due_at, run_id LIMIT 1';

/** The next run to render. The mark stays until it is settled, so a renderer that dies is followed by another. */
export function claimDirty(step: Step, service: ServiceName, leaseMs: number): RunState | null {
  const row = step.db.get(nextDirty, [service, step.now]);
  if (row === null) return null;
  const runId = textOf(row, 'run_id');
  markDirty(step, { service, runId, dueAt: step.now + leaseMs });
  return readRun(step, runId);
}

/** Ends the rendering of revision `v`; a run that has moved on is due again. */
export function settleDirty(
  step: Step,
  { service, runId, v }: { service: ServiceName; runId: string; v: number },
): void {
  const row = step.db.get('SELECT v FROM runs WHERE run_id = ?', [runId]);
  if (row !== null && numberOf(row, 'v') > v) {
    markDirty(step, { service, runId, dueAt: step.now });
    step.woken.add(service);
    return;
  }
  step.db.run('DELETE FROM dirty WHERE service = ? AND run_id = ?', [service, runId]);
}

/** Sets the time at which a run is due for rendering, also when it is marked already. */
export function markDirty(
  step: Step,
  { service, runId, dueAt }: { service: string; runId: string; dueAt: number },
): void {
  step.db.run('INSERT OR REPLACE INTO dirty VALUES (?, ?, ?)', [service, runId, dueAt]);
}

/** Writes what a renderer has to remember, without a new revision. */
export function writeRendered(
  step: Step,
  of: { service: ServiceName; runId: string },
  slice: Readonly<Record<string, string | null>>,
): void {
  if (runExists(step, of.runId)) patchSlice(step, of, slice);
}
