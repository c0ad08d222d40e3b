import type { ConsumedBy, Payloads, ServiceName } from '@orchestra/contracts';
import type { Ended, Service } from '@orchestra/runtime';
import type { FakeClock } from './fake-clock.ts';
import { receive, type Receive } from './receive.ts';

const mostAttempts = 1_000;

/** What came of an event whose job was parked again and again. */
export interface Ending<S extends ServiceName> {
  ended: Ended<S>;
  /** How often the handler was called. */
  attempts: number;
}

/**
 * Gives one event to a service's handler, and again with what it keeps each time its park is over, until it ends. Waits take
 * no time: the clock is moved on.
 */
export async function receiveUntilEnd<S extends ServiceName, T extends ConsumedBy<S>>(
  service: Service<S>,
  delivery: Receive<S> & { topic: T; data: Payloads[T] },
  clock: FakeClock,
): Promise<Ending<S>> {
  let memo: unknown = null;
  for (let attempts = 1; attempts <= mostAttempts; attempts += 1) {
    const result = await receive(service, { ...delivery, now: clock.now(), job: { ...delivery.job, memo } });
    if (result?.kind === 'end') return { ended: result, attempts };
    if (result?.kind !== 'park') throw new Error(`the job came to ${result?.kind ?? 'nothing'}`);
    // What a job keeps is JSON.
    memo = JSON.parse(JSON.stringify(result.memo ?? null));
    await clock.advance(result.delayMs ?? 0);
  }
  throw new Error(`the job has no end after ${mostAttempts} attempts`);
}
