import { randomUUIDv7 } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

/** Begins runs of one side, and hears when each has passed its five steps. */
export interface Sender {
  begin(ids: readonly string[]): Promise<void>;
  onEnd(ended: (id: string) => void): void;
  close(): Promise<void>;
}

const patienceMs = 120_000;

/**
 * Begins runs at once and waits until all have ended.
 *
 * @returns milliseconds from the beginning to the end of the last one
 * @throws Error when some have not ended in two minutes
 */
export async function sendWave(sender: Sender, inFlight: number): Promise<number> {
  const open = new Set<string>(Array.from({ length: inFlight }, () => randomUUIDv7()));
  const all = Promise.withResolvers<'ended'>();
  sender.onEnd((id) => {
    open.delete(id);
    if (open.size === 0) all.resolve('ended');
  });
  const beganAt = performance.now();
  await sender.begin([...open]);
  const late = new AbortController();
  const how = await Promise.race([all.promise, delay(patienceMs, 'late' as const, { signal: late.signal })]);
  late.abort();
  if (how === 'late') throw new Error(`${open.size} of ${inFlight} runs have not ended`);
  return performance.now() - beganAt;
}
