import type { Acceptance } from '@orchestra/runtime';
import { armGate, recordInput } from './gates.ts';
import { createJob } from './jobs.ts';
import { followRun } from './dirty.ts';
import type { Step } from './step.ts';
import { runExists } from './units.ts';

/** Takes an event in once: its job, the gates that it arms, and what it says to gates that wait for it. */
export function accept(step: Step, acceptance: Acceptance): 'accepted' | 'dup' | 'run_unknown' {
  const { service, eventId, runId, job, arm, input, follow } = acceptance;
  // Events of the service itself, without a run, are remembered under a name that no run has.
  const place = runId ?? '-';
  if (isSeen(step, { place, service, eventId })) return 'dup';
  if (runId !== null && !runExists(step, runId)) return 'run_unknown';

  step.db.run('INSERT INTO seen VALUES (?, ?, ?, ?)', [place, service, eventId, step.now]);
  if (job) createJob(step, job);
  for (const gate of arm) armGate(step, gate);
  if (runId === null) return 'accepted';
  if (input) recordInput(step, { runId, service }, input);
  if (follow) followRun(step, service, runId);
  return 'accepted';
}

function isSeen(step: Step, { place, service, eventId }: { place: string; service: string; eventId: string }): boolean {
  const known = 'SELECT 1 FROM seen WHERE run_id = ? AND service = ? AND event_id = ?';
  return step.db.get(known, [place, service, eventId]) !== null;
}
