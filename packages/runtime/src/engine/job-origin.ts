import type { ClaimedJob } from '../ports/jobs.ts';

type Known = Pick<ClaimedJob, 'runId' | 'jobId' | 'unit' | 'cause'>;

/** What a log line says about a job: its run, and the event, gate or timer behind it. */
export function jobOrigin({ runId, jobId, unit, cause }: Known): Record<string, string | null> {
  return { runId, jobId, unit, event: cause };
}
