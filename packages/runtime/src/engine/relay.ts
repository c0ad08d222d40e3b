import type { ServiceName } from '@orchestra/contracts';
import type { OutgoingRecord } from '../ports/event-bus.ts';
import type { Engine, Loop } from './engine.ts';
import { recordOrigin } from './record-origin.ts';
import { startLoop } from './start-loop.ts';

const batch = 200;

/**
 * Publishes the outbox in its order and deletes after the acknowledgement. One relay of a service publishes at a time;
 * a crash in between gives a duplicate with the same id, which consumers drop. Every send error means "later".
 */
export function startRelay<S extends ServiceName>(engine: Engine<S>): Loop {
  const { service, store, bus, context, meter, settings, owner } = engine;
  const { clock, log } = context;
  let mineUntil = 0;
  return startLoop({ name: 'relay', clock, log, restMs: settings.restMs, step });

  async function step(): Promise<number> {
    const entries = await store.readOutbox(service.name, batch);
    if (entries.length === 0) return settings.pollMs;
    if (!(await holdRelay())) return settings.pollMs;

    const published = await publish(entries.map(({ record }) => record));
    if (!published) return settings.restMs;
    await store.acknowledge(
      service.name,
      entries.map(({ position }) => position),
    );
    meter.published.inc({ service: service.name }, entries.length);
    return 0;
  }

  async function publish(records: readonly OutgoingRecord[]): Promise<boolean> {
    try {
      await bus.publish(records);
      return true;
    } catch (error) {
      // Which of a batch did not arrive is not known; the first one names a run that is affected.
      const [first] = records;
      const origin = first === undefined ? {} : { ...recordOrigin(first), topic: first.topic };
      log.warn({ err: error, records: records.length, ...origin }, 'events could not be published, will go on');
      return false;
    }
  }

  // Held for a while, so that a busy relay asks the store once in many batches.
  async function holdRelay(): Promise<boolean> {
    const now = clock.monotonicMs();
    if (now < mineUntil) return true;
    const taken = await store.takeRelay(service.name, owner, settings.relayLeaseMs);
    if (taken) mineUntil = now + settings.relayLeaseMs / 2;
    return taken;
  }
}
