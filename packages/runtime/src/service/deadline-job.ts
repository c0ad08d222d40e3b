import type { NewJob } from '../ports/jobs.ts';
import { unaskedJob } from './unasked-job.ts';

interface Deadline {
  runId: string;
  generation: number;
  /** ISO 8601; null: it is over. */
  deadlineAt: string | null;
  /** Names the timer: the same again is the same job. */
  cause: string;
  now: Date;
}

/** The timer of a run's deadline: gitops looks then whether the run has ended. One that is over is due at once. */
export function deadlineJob({ runId, generation, deadlineAt, cause, now }: Deadline): NewJob {
  return unaskedJob({
    service: 'gitops',
    runId,
    generation,
    handler: 'deadline',
    payload: 'null',
    cause,
    maxAttempts: 3,
    maxMs: 60_000,
    delayMs: deadlineAt === null ? 0 : Math.max(0, new Date(deadlineAt).getTime() - now.getTime()),
  });
}
