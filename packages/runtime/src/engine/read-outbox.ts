import type { ServiceName } from '@orchestra/contracts';
import type { Engine } from './engine.ts';
import type { OutboxEntry } from './outbox-head.ts';

/**
 * Reads the oldest records that this process may publish next, and tells the head of the outbox. Empty: there are none,
 * or another process publishes. Nothing that was published may still be stored, or it would be published twice.
 */
export async function readOutbox<S extends ServiceName>(
  engine: Engine<S>,
  limit: number,
): Promise<readonly OutboxEntry[]> {
  const { head } = engine;
  head.beginRead();
  const entries = await readOurs(engine, limit).catch((error: unknown) => {
    head.forget();
    throw error;
  });
  if (entries === null) head.forget();
  else head.endRead(entries, entries.length < limit);
  return entries ?? [];
}

async function readOurs<S extends ServiceName>(
  engine: Engine<S>,
  limit: number,
): Promise<readonly OutboxEntry[] | null> {
  const entries = await engine.store.readOutbox(engine.service.name, limit);
  return entries.length === 0 || (await holdRelay(engine)) ? entries : null;
}

// Held for a while, so that a busy relay asks the store once in many batches.
async function holdRelay<S extends ServiceName>({
  service,
  store,
  context,
  settings,
  owner,
  head,
}: Engine<S>): Promise<boolean> {
  const now = context.clock.monotonicMs();
  if (head.isHeld(now)) return true;
  const taken = await store.takeRelay(service.name, owner, settings.relayLeaseMs);
  if (taken) head.hold(now + settings.relayLeaseMs / 2);
  return taken;
}
