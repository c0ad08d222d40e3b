import type { ServiceName } from '@orchestra/contracts';
import { eventIdOf, nameId } from '../envelope/identity.ts';
import type { ClaimedJob } from '../ports/jobs.ts';
import type { HistoryEntry } from '../ports/run-store.ts';
import type { Decided, Ended } from '../service/definition.ts';

interface Settled<S extends ServiceName> {
  service: S;
  job: ClaimedJob;
  result: Ended<S>;
  at: Date;
}

/** What a job's end adds to the run's history: its decisions with facts and reason, then its events with their causes. */
export function historyOf<S extends ServiceName>({ service, job, result, at }: Settled<S>): HistoryEntry[] {
  const events = result.events.map(({ topic, data }, index): HistoryEntry => ({
    ...entryOf({ service, job, at }),
    id: eventIdOf(job.jobId, topic, index),
    kind: 'event',
    what: topic,
    reason: result.reason ?? null,
    detail: data,
  }));
  const place = { service, job, at };
  return [...gateDecision(place), ...decisionsOf(place, result.decided ?? []), ...events];
}

export interface Place {
  service: ServiceName;
  job: ClaimedJob;
  at: Date;
}

/** Decisions as lines of the history. A job that was parked in between decides anew, under another id. */
export function decisionsOf(place: Place, decided: readonly Decided[]): HistoryEntry[] {
  const { job } = place;
  return decided.map(({ what, reason, facts }, index) => ({
    ...entryOf(place),
    id: nameId('decision', job.jobId, job.parks, job.attempt, what, reason, index),
    kind: 'decision',
    what,
    reason,
    detail: facts,
  }));
}

/** How the gate of a job was decided, and by what; nothing for a job without one. The same line however often it is written. */
export function gateDecision(place: Place): HistoryEntry[] {
  const { job } = place;
  if (job.gate === null) return [];
  const { state, arrived, missing } = job.gate;
  return [
    {
      ...entryOf(place),
      id: nameId('gate decision', job.jobId),
      kind: 'decision',
      what: `gate ${state.replace('_', ' ')}`,
      reason: reasons[state],
      detail: { arrived, missing },
    },
  ];
}

const reasons = {
  opened: 'inputs_good',
  closed: 'input_not_good',
  timed_out: 'input_missing',
  wished: 'wished',
} as const;

function entryOf({ service, job, at }: Place): Pick<HistoryEntry, 'at' | 'service' | 'unit' | 'generation' | 'causes'> {
  const causes = job.causes.length > 0 ? job.causes : [job.cause];
  return { at: at.toISOString(), service, unit: job.unit, generation: job.generation, causes };
}
