import { readTargetUnit } from '@orchestra/contracts';
import type { Admission, Admitted } from '@orchestra/runtime';
import { decodePlannedUnits, decodeStatus } from '../decode.ts';
import { maybeText, numberOf, textOf } from '../row.ts';
import { moveHead, readHead, settledBy } from './heads.ts';
import { createJob } from './jobs.ts';
import type { Step } from './step.ts';
import { setWish } from './wishes.ts';
import { isTerminal } from '@orchestra/contracts';

/** Maps a delivery and a content to one run; makes it, with gitops' first job, if there is none. */
export function admit(step: Step, admission: Admission): Admitted {
  const { identity, job } = admission;
  const known = findAdmitted(step, admission);
  if (known !== null) return { kind: 'known', runId: known };
  const standing = readHead(step, identity);
  const settled = settledBy(standing, admission);
  if (settled !== null) {
    if (admission.head?.by === 'told') rememberAs(step, admission, settled);
    return { kind: 'known', runId: settled };
  }

  const sequence = takeSequence(step, identity.repository);
  const superseded = supersedeOlder(step, admission);
  createRun(step, admission, sequence);
  rememberAs(step, admission, identity.runId);
  moveHead(step, admission);
  createJob(step, job);
  return { kind: 'admitted', runId: identity.runId, sequence, superseded };
}

function rememberAs(step: Step, admission: Admission, runId: string): void {
  remember(step, [nameOf(admission, 'delivery'), nameOf(admission, 'content')], runId);
}

function nameOf(admission: Admission, kind: 'delivery' | 'content'): string {
  return `${kind}:${admission[kind]}`;
}

function findAdmitted(step: Step, admission: Admission): string | null {
  const delivery = nameOf(admission, 'delivery');
  const row = step.db.get(knownAs, [delivery, nameOf(admission, 'content')]);
  if (row === null) return null;
  const runId = textOf(row, 'run_id');
  if (row['name'] !== delivery) remember(step, [delivery], runId);
  return runId;
}

// The delivery first, where both are known. Two looks at the key: a list of names would have to be sorted.
const knownAs = `SELECT name, run_id FROM admissions WHERE name = ?1
  UNION ALL SELECT name, run_id FROM admissions WHERE name = ?2 LIMIT 1`;

function remember(step: Step, names: readonly string[], runId: string): void {
  const rows = names.map(() => '(?, ?, ?)').join();
  const values = names.flatMap((name) => [name, runId, step.now]);
  step.db.run(`INSERT OR REPLACE INTO admissions VALUES ${rows}`, values);
}

const nextValue = `INSERT INTO counters VALUES (?, 1) ON CONFLICT DO UPDATE SET value = value + 1 RETURNING value`;

function takeSequence(step: Step, repository: string): number {
  const row = step.db.get(nextValue, [`sequence:${repository}`]);
  return row === null ? 1 : numberOf(row, 'value');
}

function createRun(step: Step, { identity, hopsLimit, notes }: Admission, sequence: number): void {
  const { runId, repository, ref } = identity;
  step.db.run(`INSERT INTO runs VALUES (?, ?, ?, ?, 0, 1, ?, NULL, NULL, ?, 0, ?, '[]', ?)`, [
    runId,
    repository,
    ref,
    sequence,
    step.now,
    hopsLimit,
    JSON.stringify(identity),
    JSON.stringify([...new Set(notes)]),
  ]);
  step.touched.add(runId);
}

// Newest first. A run that is on its way out already counts as neither superseded nor spared. The planner would go
// through all runs of the repository, because that index has the order.
const mayYield = `SELECT * FROM runs INDEXED BY unfinished_runs WHERE repository = ?1 AND ref = ?2 AND ended_at IS NULL AND spared = 0 AND NOT EXISTS (
  SELECT 1 FROM wishes WHERE wishes.run_id = runs.run_id AND wish = 'superseded' AND units IS NULL
    AND wishes.generation >= runs.generation) ORDER BY sequence DESC`;

function supersedeOlder(step: Step, { identity, maxSupersedes, actor }: Admission): string[] {
  const { repository, ref, runId } = identity;
  const older = step.db
    .all(mayYield, [repository, ref])
    .filter((run) => !isReleased(step, textOf(run, 'run_id'), textOf(run, 'planned_units')))
    .map((run) => textOf(run, 'run_id'));
  if (older.length === 0) return [];
  const count = readSupersedes(step, repository, ref);
  const spares = count >= maxSupersedes;
  const superseded = spares ? older.slice(1) : older;
  for (const id of older.slice(0, spares ? 1 : 0)) step.db.run('UPDATE runs SET spared = 1 WHERE run_id = ?', [id]);
  for (const id of superseded) {
    setWish(step, {
      runId: id,
      wish: 'superseded',
      generation: null,
      units: null,
      reason: `newer_run:${runId}`,
      actor,
    });
  }
  const next = (spares ? 0 : count) + (superseded.length > 0 ? 1 : 0);
  step.db.run('INSERT OR REPLACE INTO refs VALUES (?, ?, ?)', [repository, ref, next]);
  return superseded;
}

function readSupersedes(step: Step, repository: string, ref: string): number {
  const row = step.db.get('SELECT supersedes FROM refs WHERE repository = ? AND ref = ?', [repository, ref]);
  return row === null ? 0 : numberOf(row, 'supersedes');
}

const rolloutOf = `SELECT status, value ->> 'state' AS state FROM (SELECT ?1 AS run_id) AS run
  LEFT JOIN units ON units.run_id = run.run_id AND units.unit = ?2
  LEFT JOIN slices ON slices.run_id = run.run_id AND slices.service = 'deploy' AND slices.key = ?3`;

/** Whether every rollout of the run is behind its last step: from there on the release is watched, not superseded. */
function isReleased(step: Step, runId: string, plannedUnits: string): boolean {
  const deploys = decodePlannedUnits(plannedUnits).filter(({ unit }) => unit.startsWith('deploy/'));
  if (deploys.length === 0) return false;
  return deploys.every(({ unit }) => {
    const target = readTargetUnit(unit);
    const key = target === null ? unit : `${target.environment}/${target.service}`;
    const row = step.db.get(rolloutOf, [runId, unit, key]);
    const status = row && maybeText(row, 'status');
    return row?.['state'] === 'watching' || (status !== null && isTerminal(decodeStatus(status)));
  });
}
