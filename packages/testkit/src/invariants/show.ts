import type { Received, Topic } from '@orchestra/contracts';
import type { JobRecord } from '@orchestra/runtime';
import type { AcceptedPush, Effect, RecordFacts, RunFacts, WorldFacts } from './world-facts.ts';
import type { Shown } from './violation.ts';

/** Lines in the order of their times, each once. */
export function inOrder(lines: readonly Shown[]): Shown[] {
  const unique = new Map(lines.map((line) => [`${line.at} ${line.id} ${line.what}`, line]));
  return [...unique.values()].toSorted((left, right) => (left.at < right.at ? -1 : Number(left.at > right.at)));
}

export function showPush({ at, delivery, repository, ref, commit }: AcceptedPush): Shown {
  return { at, id: delivery, what: `push of ${commit} to ${ref} of ${repository} was accepted` };
}

export function showEvent({ time, id, topic, subject, generation, data }: Received<Topic>): Shown {
  const outcome = 'outcome' in data && data.outcome !== null ? `: ${data.outcome}` : '';
  const phase = 'phase' in data ? ` ${data.phase} at epoch ${data.epoch}` : '';
  const reason = 'reason' in data && data.reason !== null ? ` (${data.reason})` : '';
  const what = `${subject}, generation ${generation}: ${topic}${phase}${outcome}${reason}`;
  return { at: time.toISOString(), id, what };
}

export function showEffect({ at, kind, run, unit, generation, key, epoch, release, by }: Effect): Shown {
  const whose = run === null ? '' : ` for ${unit ?? 'no unit'} of run ${run}, generation ${generation ?? 0}`;
  const move = epoch === null ? '' : ` at epoch ${epoch}`;
  const brought = release === null ? '' : ` with ${release}`;
  return { at, id: by, what: `${kind} ${key}${brought}${move}${whose}` };
}

export function showRecord({ at, topic, partition, offset, problem, headers }: RecordFacts): Shown {
  const group = headers['dlq.group'];
  const why = problem ?? headers['dlq.error.class'] ?? null;
  const what = `record on ${topic}${group === undefined ? '' : ` for ${group}`}${why === null ? '' : `: ${why}`}`;
  return { at, id: `${topic}/${partition}/${offset}`, what };
}

/** Where a unit stands in the store. */
export function showUnit({ state }: RunFacts, unit: string): Shown {
  const stands = state.units[unit];
  if (stands === undefined) return { at: state.createdAt, id: unit, what: `the store has no status of ${unit}` };
  const { at, status, generation, reason } = stands;
  return { at, id: unit, what: `the store says ${status} (${reason ?? 'no reason'}) in generation ${generation}` };
}

/** A job that is not done; it has no time of its own, so it stands where its unit does. */
export function showJob(run: RunFacts, job: JobRecord): Shown {
  const at = job.dueAt ?? job.leaseEndsAt ?? run.state.endedAt ?? run.state.createdAt;
  const whose = job.unit ?? 'no unit';
  const state = job.parkReason === null ? job.status : `${job.status} (${job.parkReason})`;
  return { at, id: job.jobId, what: `job ${job.handler} of ${job.service} for ${whose} is ${state}` };
}

export function showEnd({ state }: RunFacts): Shown {
  return { at: state.endedAt ?? state.createdAt, id: state.runId, what: `run ${state.sequence} has ended` };
}

/** The events that can be read, in the order of the records. */
export function eventsOf({ records }: WorldFacts): Received<Topic>[] {
  const known = new Set<string>();
  return records.flatMap(({ event }) => {
    if (event === null || known.has(event.id)) return [];
    known.add(event.id);
    return [event];
  });
}
