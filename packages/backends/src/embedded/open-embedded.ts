import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createLocalCodec, topicNames } from '@orchestra/contracts';
import { createSystemClock, createSystemIds, type Backends, type Clock, type Ids } from '@orchestra/runtime';
import { createFolderArtifactStore, createFolderLogStore } from '../filesystem/index.ts';
import { createSqliteEventBus, createSqliteRunStore, openDatabase } from '../sqlite/index.ts';

export interface EmbeddedOptions {
  /** Everything durable lives here; one process owns it. */
  folder: string;
  clock?: Clock;
  ids?: Ids;
}

/**
 * Opens the embedded form: bus and store in one SQLite file, artifacts and logs in folders beside it.
 *
 * @throws OrchestraError `STORE_OWNED` when another process has the folder open
 */
export async function openEmbedded(options: EmbeddedOptions): Promise<Backends & { close(): Promise<void> }> {
  const { folder, clock = createSystemClock(), ids = createSystemIds() } = options;
  await mkdir(folder, { recursive: true });
  const database = openDatabase({ file: join(folder, 'orchestra.sqlite'), clock });
  const store = createSqliteRunStore({ database });
  const bus = createSqliteEventBus({ database });
  // Records without a store are what is left of one: it is rebuilt from them, and until then services wait.
  if (database.get('SELECT 1 FROM bus_records LIMIT 1') === null) await store.initialize(ids.next());
  await bus.ensureTopics(topicNames.flatMap((topic) => [topic, `${topic}.dlq`]));
  return {
    store,
    bus,
    codec: createLocalCodec(),
    artifacts: createFolderArtifactStore({ folder: join(folder, 'artifacts') }),
    logs: createFolderLogStore({ folder: join(folder, 'logs') }),
    clock,
    ids,
    notes: [],
    async close() {
      await bus.close();
      await store.close();
      database.close();
    },
  };
}
