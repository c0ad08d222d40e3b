import type { Status } from '@orchestra/contracts';
import { isTerminal } from '@orchestra/contracts';
import { decodeStatus } from '../decode.ts';
import { maybeNumber, numberOf, textOf } from '../row.ts';
import type { Step } from './step.ts';

export interface UnitWrite {
  runId: string;
  unit: string;
  generation: number;
  status: Status;
  reason: string | null;
  message: string | null;
}

/** Writes the status of a unit, unless a newer generation or a terminal status of this one stands. */
export function writeUnit(step: Step, { runId, unit, generation, status, reason, message }: UnitWrite): void {
  const stored = readUnit(step, runId, unit);
  if (stored === 'run_unknown' || (stored && !mayFollow(stored, generation))) return;

  const startedBefore = stored?.generation === generation ? stored.startedAt : null;
  const startedAt = startedBefore ?? (status === 'running' ? step.now : null);
  const endedAt = isTerminal(status) ? step.now : null;
  const values = [runId, unit, generation, status, reason, message, step.now, startedAt, endedAt];
  step.db.run('INSERT OR REPLACE INTO units VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)', values);
  step.touched.add(runId);
}

function mayFollow(stored: StoredUnit, generation: number): boolean {
  if (stored.generation === generation) return !isTerminal(stored.status);
  return stored.generation < generation;
}

interface StoredUnit {
  generation: number;
  status: Status;
  startedAt: number | null;
}

const unitOf = `SELECT units.generation, status, started_at FROM runs
  LEFT JOIN units ON units.run_id = runs.run_id AND unit = ? WHERE runs.run_id = ?`;

/** Null: the run has no such unit yet. */
function readUnit(step: Step, runId: string, unit: string): StoredUnit | 'run_unknown' | null {
  const row = step.db.get(unitOf, [unit, runId]);
  if (row === null) return 'run_unknown';
  if (row['status'] === null) return null;
  return {
    generation: numberOf(row, 'generation'),
    status: decodeStatus(textOf(row, 'status')),
    startedAt: maybeNumber(row, 'started_at'),
  };
}

export function runExists(step: Step, runId: string): boolean {
  return step.db.get('SELECT 1 FROM runs WHERE run_id = ?', [runId]) !== null;
}

export interface SliceOwner {
  runId: string | null;
  generation: number;
  unit: string | null;
  service: string;
}

/** Writes keys of the service's own slice, unless the job's unit has moved on to a newer generation. */
export function writeSlice(step: Step, owner: SliceOwner, slice: Readonly<Record<string, string | null>>): void {
  const { runId, unit, generation, service } = owner;
  if (runId === null || Object.keys(slice).length === 0 || !runExists(step, runId)) return;
  const stored = unit === null ? null : readUnit(step, runId, unit);
  if (stored === 'run_unknown' || (stored && stored.generation > generation)) return;
  patchSlice(step, { runId, service }, slice);
  step.touched.add(runId);
}

/** Writes keys of a slice as they are; null removes a key. The run must exist. */
export function patchSlice(
  step: Step,
  { runId, service }: { runId: string; service: string },
  slice: Readonly<Record<string, string | null>>,
): void {
  for (const [key, value] of Object.entries(slice)) {
    if (value === null) {
      step.db.run('DELETE FROM slices WHERE run_id = ? AND service = ? AND key = ?', [runId, service, key]);
    } else {
      step.db.run('INSERT OR REPLACE INTO slices VALUES (?, ?, ?, ?)', [runId, service, key, value]);
    }
  }
}
