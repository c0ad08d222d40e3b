import type { ServiceName } from '@orchestra/contracts';
import { createBell } from './bell.ts';
import type { Engine } from './engine.ts';

/** Deletes from the outbox what was published, a little later: whoever waits for the event has the disk for itself. */
export interface Acknowledger {
  add(positions: readonly string[]): void;
  /**
   * Resolves when nothing that was published is stored any more; whoever reads the outbox before would publish it twice.
   *
   * @throws what the store throws; the deletion is then still owed
   */
  settled(): Promise<void>;
}

/** One deletion at a time: what was published meanwhile goes with the next one. */
export function createAcknowledger<S extends ServiceName>(engine: Engine<S>): Acknowledger {
  const { service, store, context, settings } = engine;
  let owed: string[] = [];
  let running: Promise<void> | null = null;
  const pause = createBell(context.clock);
  let pausing = false;
  return {
    add(positions) {
      owed.push(...positions);
      if (!pausing) void drainLater();
    },
    settled() {
      if (pausing) pause.ring();
      return drain();
    },
  };

  // A deletion that failed is owed until the next one, and at the latest until the outbox is read.
  async function drainLater(): Promise<void> {
    pausing = true;
    await pause.wait(settings.acknowledgeMs);
    pausing = false;
    await drain().catch((error: unknown) =>
      context.log.warn({ err: error }, 'published events could not be deleted yet'),
    );
  }

  async function drain(): Promise<void> {
    if (owed.length > 0) running ??= deleteOwed();
    if (running !== null) await running;
  }

  async function deleteOwed(): Promise<void> {
    try {
      while (owed.length > 0) await deleteNext();
    } finally {
      running = null;
    }
  }

  async function deleteNext(): Promise<void> {
    const positions = owed;
    owed = [];
    try {
      await store.acknowledge(service.name, positions);
    } catch (error) {
      owed = [...positions, ...owed];
      throw error;
    }
  }
}
