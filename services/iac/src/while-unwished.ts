import type { JobContext } from '@orchestra/runtime';

const lookEveryMs = 250;

/**
 * Runs work that a wish may interrupt, in a job that otherwise obeys wishes by itself: planning stops, an apply does not.
 * Rejects as the work does when it is aborted; the runtime then concludes the job with the wish.
 */
export async function whileUnwished<T>(
  { signal, wishes, clock }: JobContext<'iac'>,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const wished = new AbortController();
  const over = new AbortController();
  const watching = watch();
  try {
    return await work(AbortSignal.any([signal, wished.signal]));
  } finally {
    over.abort();
    await watching;
  }

  async function watch(): Promise<void> {
    while (!over.signal.aborted) {
      if (wishes().length > 0) wished.abort(new Error('Stopped by a wish'));
      await clock.wait(lookEveryMs, over.signal).catch(() => {});
    }
  }
}
