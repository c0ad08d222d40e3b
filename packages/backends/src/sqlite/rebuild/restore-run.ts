import { isTerminal, OrchestraError } from '@orchestra/contracts';
import type { RestoredRun } from '@orchestra/runtime';
import { runExists } from '../run-store/units.ts';
import type { Step } from '../run-store/step.ts';

/** Writes a run as it was folded. A run that has ended is not due for anybody who renders. */
export function restoreRun(step: Step, run: RestoredRun): void {
  const { runId } = run.identity;
  if (runExists(step, runId)) throw new OrchestraError('STORE_ARGUMENT_INVALID', 'run.identity.runId is taken');
  writeRun(step, run);
  writeParts(step, run);
  for (const entry of run.history) {
    step.db.run('INSERT OR IGNORE INTO history (run_id, id, entry) VALUES (?, ?, ?)', [
      runId,
      entry.id,
      JSON.stringify(entry),
    ]);
  }
  for (const { service, eventId } of run.seen) {
    step.db.run('INSERT OR IGNORE INTO seen VALUES (?, ?, ?, ?)', [runId, service, eventId, step.now]);
  }
  for (const kind of ['delivery', 'content'] as const) {
    if (run[kind] === null) continue;
    step.db.run('INSERT OR REPLACE INTO admissions VALUES (?, ?, ?)', [`${kind}:${run[kind]}`, runId, step.now]);
  }
  if (run.endedAt === null) step.touched.add(runId);
}

const raise = `INSERT INTO counters VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = max(value, ?2)`;

function writeRun(step: Step, { identity, ...run }: RestoredRun): void {
  const { runId, repository, ref } = identity;
  const { deadlineAt, endedAt } = run;
  step.db.run(`INSERT INTO runs VALUES (?, ?, ?, ?, 0, ?, ?, ?, ?, ?, 0, ?, ?, ?)`, [
    runId,
    repository,
    ref,
    run.sequence,
    run.generation,
    toMs(run.createdAt),
    deadlineAt === null ? null : toMs(deadlineAt),
    endedAt === null ? null : toMs(endedAt),
    run.hopsLimit,
    JSON.stringify(identity),
    JSON.stringify(run.plannedUnits),
    JSON.stringify(run.notes),
  ]);
  step.db.run(raise, [`sequence:${repository}`, run.sequence]);
}

function writeParts({ db }: Step, { identity, units, made, slices }: RestoredRun): void {
  const { runId } = identity;
  for (const { unit, generation, status, reason, at } of units) {
    const endedAt = isTerminal(status) ? toMs(at) : null;
    const values = [runId, unit, generation, status, reason, null, toMs(at), null, endedAt];
    db.run('INSERT INTO units VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)', values);
  }
  for (const { unit, generation } of made) {
    db.run('INSERT OR IGNORE INTO made_units VALUES (?, ?, ?)', [runId, unit, generation]);
  }
  for (const { service, key, value } of slices) {
    db.run('INSERT OR REPLACE INTO slices VALUES (?, ?, ?, ?)', [runId, service, key, value]);
  }
}

function toMs(at: string): number {
  return new Date(at).getTime();
}
