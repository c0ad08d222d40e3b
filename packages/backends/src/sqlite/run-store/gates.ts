import { opensGate } from '@orchestra/contracts';
import type { GateInput, GateJob, GateVerdict } from '@orchestra/runtime';
import { decodeOutcome } from '../decode.ts';
import { numberOf, textOf } from '../row.ts';
import { findJob, insertJob, toStoredJob, type StoredJob } from './jobs.ts';
import { hint, type Step } from './step.ts';
import { writeUnit } from './units.ts';

/** Arms a gate unless it is armed, and decides it at once where its inputs are there. */
export function armGate(step: Step, gate: GateJob): void {
  if (!insertJob(step, gate, gate.inputs)) return;
  const { runId, unit, generation } = gate;
  writeUnit(step, { runId, unit, generation, status: 'waiting', reason: 'gate', message: null });
  const job = findJob(step, gate.jobId);
  if (job) evaluateGate(step, job);
}

const undecided = `SELECT * FROM jobs WHERE run_id = ? AND service = ? AND generation >= ? AND gate_inputs IS NOT NULL
  AND gate_verdict IS NULL AND EXISTS (SELECT 1 FROM json_each(gate_inputs) WHERE value = ?)`;

/** Records an outcome and offers it to every undecided gate of its own and of every higher generation. */
export function recordInput(
  step: Step,
  { runId, service }: { runId: string; service: string },
  input: GateInput,
): void {
  const { unit, generation, status, eventId } = input;
  step.db.run('INSERT OR IGNORE INTO inputs VALUES (?, ?, ?, ?, ?)', [runId, unit, generation, status, eventId]);
  const gates = step.db.all(undecided, [runId, service, generation, unit]).map(toStoredJob);
  for (const gate of gates) evaluateGate(step, gate);
}

function evaluateGate(step: Step, job: StoredJob): void {
  const inputs = readInputs(step, job);
  const bad = inputs.arrived.some(({ status }) => !opensGate(status));
  if (!bad && inputs.missing.length > 0) return;
  const verdict: GateVerdict = { state: bad ? 'closed' : 'opened', ...inputs };
  storeVerdict(step, job, verdict);
  step.db.run(`UPDATE jobs SET status = 'queued', due_at = ? WHERE job_id = ?`, [step.now, job.jobId]);
  hint(step, job.service, 'jobs');
}

/** Decides a gate whose job came back before its inputs did. */
export function decideLate(step: Step, job: StoredJob): GateVerdict {
  const isOver = job.gateDueAt !== null && job.gateDueAt <= step.now;
  const verdict: GateVerdict = { state: isOver ? 'timed_out' : 'wished', ...readInputs(step, job) };
  storeVerdict(step, job, verdict);
  return verdict;
}

function storeVerdict(step: Step, job: StoredJob, verdict: GateVerdict): void {
  const causes = JSON.stringify(verdict.arrived.map(({ eventId }) => eventId));
  step.db.run('UPDATE jobs SET gate_verdict = ?, causes = ? WHERE job_id = ?', [
    JSON.stringify(verdict),
    causes,
    job.jobId,
  ]);
}

// The outcome of the newest generation, up to the gate's own, in which the input was made: not just of the newest that came.
const outcomeOf = `SELECT * FROM inputs WHERE run_id = ?1 AND unit = ?2 AND generation = (
  SELECT coalesce(max(generation), 1) FROM made_units WHERE run_id = ?1 AND unit = ?2 AND generation <= ?3)`;

function readInputs(
  step: Step,
  { runId, generation, gateInputs }: StoredJob,
): Pick<GateVerdict, 'arrived' | 'missing'> {
  const arrived: GateInput[] = [];
  const missing: string[] = [];
  for (const unit of gateInputs ?? []) {
    const row = step.db.get(outcomeOf, [runId, unit, generation]);
    if (row === null) missing.push(unit);
    else {
      const status = decodeOutcome(textOf(row, 'status'));
      arrived.push({ unit, generation: numberOf(row, 'generation'), status, eventId: textOf(row, 'event_id') });
    }
  }
  return { arrived, missing };
}
