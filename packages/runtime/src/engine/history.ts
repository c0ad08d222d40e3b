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
  return [...decisionsOf({ service, job, at }, result.decided ?? []), ...events];
}

interface Place {
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

function entryOf({ service, job, at }: Place): Pick<HistoryEntry, 'at' | 'service' | 'unit' | 'generation' | 'causes'> {
  const causes = job.causes.length > 0 ? job.causes : [job.cause];
  return { at: at.toISOString(), service, unit: job.unit, generation: job.generation, causes };
}
