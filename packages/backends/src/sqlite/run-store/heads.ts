import type { Admission, Head, NoteHead } from '@orchestra/runtime';
import type { Row } from '../database.ts';
import { flagOf, maybeText, textOf, timeOf } from '../row.ts';
import type { Step } from './step.ts';

interface Place {
  repository: string;
  ref: string;
}

/** Where a ref stands; null: nothing is known of it. */
export function readHead(step: Step, { repository, ref }: Place): Head | null {
  const row = step.db.get('SELECT * FROM heads WHERE repository = ? AND ref = ?', [repository, ref]);
  return row && toHead(row);
}

export function readHeads(step: Step, repository: string): Head[] {
  return step.db.all('SELECT * FROM heads WHERE repository = ? ORDER BY ref', [repository]).map(toHead);
}

/** The run that an admission is about already, by where its ref stands; null: it makes a new one. */
export function settledBy(standing: Head | null, { head, identity }: Admission): string | null {
  if (head === undefined) return null;
  if (head.by === 'found') return commitOf(standing) === head.expected ? null : (standing?.runId ?? '');
  if (standing?.found !== true) return null;
  const isCovered = standing.commit === identity.commit || isBefore(head.pushedAtMs, standing);
  return isCovered ? standing.runId : null;
}

function isBefore(pushedAtMs: number | null, { at }: Head): boolean {
  return pushedAtMs !== null && pushedAtMs <= new Date(at).getTime();
}

function commitOf(standing: Head | null): string | null {
  return standing?.commit ?? null;
}

/** Moves the head to the commit of a run that was made. */
export function moveHead(step: Step, { head, identity }: Admission): void {
  if (head === undefined) return;
  const { repository, ref, commit, runId } = identity;
  write(step, { repository, ref }, { commit, runId, found: head.by === 'found' });
}

export function noteHead(step: Step, { repository, ref, expected, commit }: NoteHead): 'noted' | 'other' {
  const standing = readHead(step, { repository, ref });
  if (commitOf(standing) !== expected) return 'other';
  if (commit === null) step.db.run('DELETE FROM heads WHERE repository = ? AND ref = ?', [repository, ref]);
  else write(step, { repository, ref }, { commit, runId: null, found: true });
  return 'noted';
}

function write(
  step: Step,
  { repository, ref }: Place,
  { commit, runId, found }: Pick<Head, 'commit' | 'runId' | 'found'>,
): void {
  const values = [repository, ref, commit, runId, found ? 1 : 0, step.now];
  step.db.run('INSERT OR REPLACE INTO heads VALUES (?, ?, ?, ?, ?, ?)', values);
}

function toHead(row: Row): Head {
  return {
    ref: textOf(row, 'ref'),
    commit: textOf(row, 'commit_id'),
    runId: maybeText(row, 'run_id'),
    found: flagOf(row, 'found'),
    at: timeOf(row, 'at'),
  };
}
