import type { ServiceName } from '@orchestra/contracts';
import { jobIdOf } from '../envelope/identity.ts';
import type { ClaimedJob, NewJob } from '../ports/jobs.ts';
import type { Service, Timer } from '../service/definition.ts';

/** The job of a timer. Its id follows from the job that set it, so a repeated finish sets it once. */
export function timerJob<S extends ServiceName>(service: Service<S>, job: ClaimedJob, timer: Timer): NewJob {
  const limits = service.tasks?.[timer.task];
  const cause = `timer:${job.jobId}:${timer.name}`;
  return {
    jobId: jobIdOf(service.name, cause, timer.unit ?? timer.task),
    service: service.name,
    runId: job.runId,
    generation: job.generation,
    unit: timer.unit,
    handler: timer.task,
    payload: JSON.stringify(timer.payload ?? null),
    cause,
    causes: job.causes,
    hops: job.hops,
    maxAttempts: limits?.attempts ?? 3,
    maxMs: limits?.maxMs ?? 3_600_000,
    bound: timer.bound ?? timer.unit !== null,
    traceparent: job.traceparent,
    delayMs: timer.delayMs,
  };
}
