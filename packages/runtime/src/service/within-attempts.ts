import { OrchestraError } from '@orchestra/contracts';
import type { JobView } from './context.ts';

/**
 * Does work that may be tried so often as a file says. The job itself has to allow as many attempts as any file may ask for:
 * it was accepted before its plan was known.
 *
 * @throws what the work throws; in the last attempt nothing is retriable any more
 */
export async function withinAttempts<T>(
  { job }: { job: Pick<JobView, 'attempt'> },
  attempts: number,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof OrchestraError) || job.attempt < attempts) throw error;
    throw new OrchestraError(error.code, error.message, { retriable: false, cause: error });
  }
}
