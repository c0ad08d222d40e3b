import type { Retry } from '@orchestra/runtime';
import { numberOf } from '../row.ts';
import { storeHistoryEntry } from './finish.ts';
import { armGate } from './gates.ts';
import { createJob } from './jobs.ts';
import type { Step } from './step.ts';
import { writeUnit } from './units.ts';
import { storeWish } from './wishes.ts';

/** Makes units anew in the next generation, and ends what still works at their older ones. */
export function retry(
  step: Step,
  asked: Retry,
): { kind: 'retried'; generation: number } | { kind: 'moved' } | { kind: 'run_unknown' } {
  const { runId, expected, remade, actor, deadlineMs } = asked;
  const run = step.db.get('SELECT generation FROM runs WHERE run_id = ?', [runId]);
  if (run === null) return { kind: 'run_unknown' };
  if (numberOf(run, 'generation') !== expected) return { kind: 'moved' };

  const generation = expected + 1;
  step.db.run('UPDATE runs SET generation = ?, deadline_at = ? WHERE run_id = ?', [
    generation,
    step.now + deadlineMs,
    runId,
  ]);
  for (const unit of remade) {
    step.db.run('INSERT OR IGNORE INTO made_units VALUES (?, ?, ?)', [runId, unit, generation]);
    writeUnit(step, { runId, unit, generation, status: 'waiting', reason: 'retry', message: null });
  }
  storeWish(step, { runId, wish: 'superseded', generation: expected, units: remade, reason: 'retry', actor }, expected);
  for (const job of asked.jobs) createJob(step, job);
  for (const gate of asked.gates) armGate(step, gate);
  storeHistoryEntry(step, runId, historyOf(step, asked));
  return { kind: 'retried', generation };
}

function historyOf(step: Step, { runId, expected, remade, jobs, gates, actor }: Retry) {
  const generation = expected + 1;
  return {
    id: `retry:${runId}:${generation}`,
    at: new Date(step.now).toISOString(),
    kind: 'act' as const,
    service: jobs[0]?.service ?? gates[0]?.service ?? ('gitops' as const),
    unit: remade[0] ?? null,
    generation,
    what: 'retry',
    reason: null,
    causes: [],
    detail: { actor, remade },
  };
}
