import { createSystemClock, type EventBus } from '@orchestra/runtime';
import { openDatabase } from '../database.ts';
import { createSqliteEventBus } from './event-bus.ts';

/** Opens the bus of a file, as the process that owns it does: with the bus the file is closed. */
export async function open(file: string): Promise<EventBus> {
  const database = openDatabase({ file, clock: createSystemClock() });
  const bus = createSqliteEventBus({ database });
  return {
    ...bus,
    async close() {
      await bus.close();
      database.close();
    },
  };
}
