import type { Finished, Lease, Quarantined, StoredTarget, TargetChange } from '@orchestra/runtime';
import type { Row } from '../database.ts';
import { decodeQuarantined } from '../decode.ts';
import { numberOf, textOf } from '../row.ts';
import { findLeased, wakeJob } from './jobs.ts';
import type { Step } from './step.ts';

/** Why a target may not be changed now; null: it may. */
export function refusalOf(step: Step, change: TargetChange | null): 'target_moved' | 'quarantined' | null {
  if (change === null) return null;
  const version = readTarget(step, change.key)?.version ?? 0;
  if (version !== change.expected) return 'target_moved';
  const refusing = change.unlessQuarantined;
  if (refusing === null) return null;
  const known = 'SELECT 1 FROM quarantine WHERE repository = ? AND key = ?';
  const isIn = refusing.keys.some((key) => step.db.get(known, [refusing.repository, key]) !== null);
  return isIn ? 'quarantined' : null;
}

/** Writes a change that nothing refuses, and wakes whom it names. */
export function writeTarget(step: Step, { jobId: mover }: Lease, change: TargetChange | null): void {
  if (change === null) return;
  const { key, expected, target, wake, quarantine } = change;
  step.db.run('INSERT OR REPLACE INTO targets VALUES (?, ?, ?)', [key, expected + 1, target]);
  for (const entry of quarantine) {
    const values = [entry.repository, entry.key, JSON.stringify(entry)];
    // The first reason stands: a later cause for the same version only confirms it.
    step.db.run('INSERT OR IGNORE INTO quarantine VALUES (?, ?, ?)', values);
  }
  for (const { jobId, memo } of wake) {
    // The job that changes the target knows of it: waking it would undo the sleep that it asks for.
    if (jobId !== mover) wakeJob(step, jobId, memo);
  }
}

/** Changes a target in the middle of a job. */
export function changeTarget(step: Step, lease: Lease, change: TargetChange): Finished {
  if (findLeased(step, lease) === null) return 'fenced';
  const refusal = refusalOf(step, change);
  if (refusal !== null) return refusal;
  writeTarget(step, lease, change);
  return 'finished';
}

export function readTarget(step: Pick<Step, 'db'>, key: string): StoredTarget | null {
  const row = step.db.get('SELECT * FROM targets WHERE key = ?', [key]);
  return row && toTarget(row);
}

/** All targets, or those whose key begins with the repository. */
export function listTargets(step: Step, repository: string | null): StoredTarget[] {
  const rows = step.db.all('SELECT * FROM targets ORDER BY key').map(toTarget);
  return rows.filter(({ key }) => repository === null || key.startsWith(`${repository}/`));
}

function toTarget(row: Row): StoredTarget {
  return { key: textOf(row, 'key'), version: numberOf(row, 'version'), target: textOf(row, 'target') };
}

export function readQuarantine(step: Step, repository: string): Quarantined[] {
  const rows = step.db.all('SELECT entry FROM quarantine WHERE repository = ? ORDER BY key', [repository]);
  return rows.map((row) => decodeQuarantined(textOf(row, 'entry')));
}

export function releaseQuarantine(step: Step, repository: string, key: string): boolean {
  return step.db.run('DELETE FROM quarantine WHERE repository = ? AND key = ?', [repository, key]) > 0;
}
