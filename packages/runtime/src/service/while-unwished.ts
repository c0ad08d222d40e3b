import type { ServiceName } from '@orchestra/contracts';
import type { JobContext } from './context.ts';

const lookEveryMs = 250;

/**
 * Runs work that a wish interrupts, in a job that otherwise obeys wishes by itself. Rejects as the work does when it is
 * aborted.
 */
export async function whileUnwished<S extends ServiceName, T>(
  { signal, wishes, clock }: Pick<JobContext<S>, 'signal' | 'wishes' | 'clock'>,
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
    while (!over.signal.aborted && !wished.signal.aborted) {
      if (wishes().length > 0) wished.abort(new Error('Stopped by a wish'));
      await clock.wait(lookEveryMs, over.signal).catch(() => {});
    }
  }
}
