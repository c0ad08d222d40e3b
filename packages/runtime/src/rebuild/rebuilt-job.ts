import type { Received, ServiceName, Topic } from '@orchestra/contracts';
import { jobIdOf } from '../envelope/identity.ts';
import type { NewJob } from '../ports/jobs.ts';
import type { Rebuilding } from './facts.ts';

interface Rebuilt {
  cause: Received<Topic>;
  service: ServiceName;
  /** Null: a reaction. */
  unit: string | null;
  generation: number;
  bound: boolean;
}

/** The id of a job that a rebuild makes. It never had one before: what it tells is told for the first time. */
export function rebuiltJobId(service: ServiceName, cause: string, about: { unit: string; identity: string }): string {
  return jobIdOf(service, `rebuild:${about.identity}:${cause}`, about.unit);
}

/** The job that an event leads to, once more. */
export function rebuiltJob({ cause, service, unit, generation, bound }: Rebuilt, { identity }: Rebuilding): NewJob {
  return {
    jobId: rebuiltJobId(service, cause.id, { unit: unit ?? cause.topic, identity }),
    service,
    runId: cause.runId,
    generation,
    unit,
    handler: cause.topic,
    payload: JSON.stringify(cause),
    cause: cause.id,
    causes: [cause.id],
    hops: cause.hops,
    maxAttempts: 3,
    maxMs: 3_600_000,
    bound,
    traceparent: null,
    delayMs: 0,
  };
}
