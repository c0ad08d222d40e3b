import type { Outgoing, RunState, ServiceName, Topic } from '@orchestra/contracts';
import { writeEnvelope } from '../envelope/envelope.ts';
import { eventIdOf } from '../envelope/identity.ts';
import { traceparentOf } from '../observe/tracing.ts';
import type { ClaimedJob } from '../ports/jobs.ts';
import type { OutboxRecord } from '../ports/run-store.ts';
import type { Engine } from './engine.ts';

interface Events {
  job: ClaimedJob;
  run: RunState | null;
  events: readonly Outgoing<Topic>[];
  at: Date;
}

/** The records of a job's events: framed, with headers and deterministic ids. */
export async function recordsOf<S extends ServiceName>(
  { codec, service }: Engine<S>,
  { job, run, events, at }: Events,
): Promise<OutboxRecord[]> {
  const records = events.map(async ({ topic, data }, index): Promise<OutboxRecord> => {
    const id = eventIdOf(job.jobId, topic, index);
    const headers = writeEnvelope(topic, {
      id,
      source: service.name,
      subject: job.unit ?? topic,
      time: at,
      runId: job.runId,
      causeId: job.causes.at(-1) ?? job.cause,
      generation: job.generation,
      hops: job.hops + 1,
      traceparent: traceparentOf(job),
    });
    return { id, topic, key: keyOf({ topic, job, run }), value: await codec.encode(topic, data), headers };
  });
  return Promise.all(records);
}

// Pushes to a branch keep their order; everything else keeps the order of its run.
function keyOf({ topic, job, run }: { topic: Topic; job: ClaimedJob; run: RunState | null }): string {
  if (topic === 'code_push' && run !== null) return `${run.repository}#${run.ref}`;
  return job.runId ?? job.cause;
}
