import { jobIdOf } from '../envelope/identity.ts';
import type { NewJob } from '../ports/jobs.ts';

/** What a job that no event led to has to say of itself; `cause` names it, so that the same cause is the same job. */
type Unasked = Pick<NewJob, 'service' | 'handler' | 'cause' | 'maxAttempts' | 'maxMs'> & Partial<NewJob>;

/** A job that no event led to: a command, a schedule, a deadline. Bound by no wish, due at once, about no run unless it says so. */
export function unaskedJob(job: Unasked): NewJob {
  return {
    jobId: jobIdOf(job.service, job.cause, job.handler),
    runId: null,
    generation: 1,
    unit: null,
    payload: '{}',
    causes: [],
    hops: 0,
    bound: false,
    traceparent: null,
    delayMs: 0,
    ...job,
  };
}
