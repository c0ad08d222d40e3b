import type { Database } from '../database.ts';

// What belongs to runs goes with them.
const tables = [
  'meta',
  'counters',
  'refs',
  'heads',
  'admissions',
  'runs',
  'jobs',
  'seen',
  'outbox',
  'relays',
  'targets',
  'quarantine',
  'audit',
];

/** Removes everything of the store, and nothing of the bus, in one step. */
export async function emptyStore(database: Database): Promise<void> {
  await database.step(() => {
    for (const table of tables) database.run(`DELETE FROM ${table}`);
  });
}
