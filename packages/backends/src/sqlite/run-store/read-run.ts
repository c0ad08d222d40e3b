import type { RunState, UnitState } from '@orchestra/contracts';
import type { HistoryEntry, JobRecord, RunQuery } from '@orchestra/runtime';
import type { Row } from '../database.ts';
import {
  decodeHistoryEntry,
  decodeIdentity,
  decodePlannedUnits,
  decodeSlices,
  decodeStatus,
  decodeTexts,
} from '../decode.ts';
import { maybeText, maybeTime, numberOf, textOf, timeOf } from '../row.ts';
import { toJobRecord } from './jobs.ts';
import type { Step } from './step.ts';
import { readWishes } from './wishes.ts';

type Reading = Pick<Step, 'db'>;

/** The whole state of a run, or null. */
export function readRun(step: Reading, runId: string): RunState | null {
  const row = step.db.get('SELECT * FROM runs WHERE run_id = ?', [runId]);
  return row && toRunState(step, row);
}

export function findRun(step: Reading, repository: string, sequence: number): string | null {
  const row = step.db.get('SELECT run_id FROM runs WHERE repository = ? AND sequence = ?', [repository, sequence]);
  return row && textOf(row, 'run_id');
}

const newest = `SELECT * FROM runs WHERE (?1 IS NULL OR repository = ?1) AND (?2 IS NULL OR run_id < ?2)
  ORDER BY run_id DESC LIMIT ?3`;

/** Newest first: run ids sort by time. */
export function listRuns(step: Reading, { repository, limit, before }: RunQuery): RunState[] {
  return step.db.all(newest, [repository, before, limit]).map((row) => toRunState(step, row));
}

export function readHistory(step: Reading, runId: string): HistoryEntry[] {
  const rows = step.db.all('SELECT entry FROM history WHERE run_id = ? ORDER BY position', [runId]);
  return rows.map((row) => decodeHistoryEntry(textOf(row, 'entry')));
}

export function readJobs(step: Reading, runId: string): JobRecord[] {
  return step.db.all('SELECT * FROM jobs WHERE run_id = ? ORDER BY position', [runId]).map(toJobRecord);
}

export function readJob(step: Reading, jobId: string): JobRecord | null {
  const row = step.db.get('SELECT * FROM jobs WHERE job_id = ?', [jobId]);
  return row && toJobRecord(row);
}

function toRunState(step: Reading, row: Row): RunState {
  const runId = textOf(row, 'run_id');
  return {
    ...decodeIdentity(textOf(row, 'identity')),
    v: numberOf(row, 'v'),
    sequence: numberOf(row, 'sequence'),
    generation: numberOf(row, 'generation'),
    createdAt: timeOf(row, 'created_at'),
    deadlineAt: maybeTime(row, 'deadline_at'),
    endedAt: maybeTime(row, 'ended_at'),
    hopsLimit: numberOf(row, 'hops_limit'),
    plannedUnits: decodePlannedUnits(textOf(row, 'planned_units')),
    units: readUnits(step, runId),
    wishes: readWishes(step, runId),
    notes: decodeTexts(textOf(row, 'notes')),
    slices: decodeSlices(readSlices(step, runId)),
  };
}

function readUnits(step: Reading, runId: string): Record<string, UnitState> {
  const rows = step.db.all('SELECT * FROM units WHERE run_id = ? ORDER BY unit', [runId]);
  return Object.fromEntries(rows.map((row) => [textOf(row, 'unit'), toUnitState(row)]));
}

function toUnitState(row: Row): UnitState {
  return {
    generation: numberOf(row, 'generation'),
    status: decodeStatus(textOf(row, 'status')),
    reason: maybeText(row, 'reason'),
    message: maybeText(row, 'message'),
    at: timeOf(row, 'at'),
    startedAt: maybeTime(row, 'started_at'),
    endedAt: maybeTime(row, 'ended_at'),
  };
}

function readSlices(step: Reading, runId: string): { service: string; key: string; value: string }[] {
  return step.db
    .all('SELECT service, key, value FROM slices WHERE run_id = ? ORDER BY service, key', [runId])
    .map((row) => ({
      service: textOf(row, 'service'),
      key: textOf(row, 'key'),
      value: textOf(row, 'value'),
    }));
}
