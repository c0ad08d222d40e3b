import type { ServiceName } from '@orchestra/contracts';
import type { OutgoingRecord } from '../ports/event-bus.ts';
import { createAcknowledger } from './acknowledger.ts';
import type { Engine, Loop } from './engine.ts';
import type { OutboxEntry } from './outbox-head.ts';
import { readOutbox } from './read-outbox.ts';
import { recordOrigin } from './record-origin.ts';
import { startLoop } from './start-loop.ts';

const batch = 200;

/**
 * Publishes the outbox in its order and deletes after the acknowledgement. One relay of a service publishes at a time;
 * a crash in between gives a duplicate with the same id, which consumers drop. Every send error means "later".
 *
 * What finishes of this process hand over is published without a read, as long as it follows on what is known.
 */
export function startRelay<S extends ServiceName>(engine: Engine<S>): Loop {
  const { service, context, meter, settings, head } = engine;
  const { clock, log } = context;
  const acknowledger = createAcknowledger(engine);
  let readAtMs = Number.NEGATIVE_INFINITY;
  const loop = startLoop({ name: 'relay', clock, log, restMs: settings.restMs, step });
  head.onNews(loop.wake);
  return { wake: head.doubt, stop };

  async function step(): Promise<number> {
    const now = clock.monotonicMs();
    const handed = head.take(now, batch);
    if (handed.length > 0) return publish(handed);

    const pollInMs = Math.ceil(readAtMs + settings.pollMs - now);
    if (!head.isDoubted() && pollInMs > 0) return pollInMs;
    readAtMs = now;
    await acknowledger.settled();
    const found = await readOutbox(engine, batch);
    return found.length === 0 ? settings.pollMs : publish(found);
  }

  async function publish(entries: readonly OutboxEntry[]): Promise<number> {
    if (
      !(await send(
        engine,
        entries.map(({ record }) => record),
      ))
    ) {
      head.forget();
      return settings.restMs;
    }
    acknowledger.add(entries.map(({ position }) => position));
    meter.published.inc({ service: service.name }, entries.length);
    return 0;
  }

  // What the last finishes handed over still goes out; the rest waits in the store for the next relay.
  async function stop(): Promise<void> {
    await loop.stop();
    const handed = head.take(clock.monotonicMs(), batch);
    if (handed.length > 0) await publish(handed);
    await acknowledger.settled().catch(() => {});
  }
}

async function send<S extends ServiceName>(
  { bus, context }: Engine<S>,
  records: readonly OutgoingRecord[],
): Promise<boolean> {
  try {
    await bus.publish(records);
    return true;
  } catch (error) {
    // Which of a batch did not arrive is not known; the first one names a run that is affected.
    const [first] = records;
    const origin = first === undefined ? {} : { ...recordOrigin(first), topic: first.topic };
    context.log.warn({ err: error, records: records.length, ...origin }, 'events could not be published, will go on');
    return false;
  }
}
