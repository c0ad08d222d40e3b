import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { createLocalCodec } from '@orchestra/contracts';
import { createSystemClock, OrchestraError } from '@orchestra/runtime';
import type { RebuildRoom } from '../rebuild-room.ts';
import { createFolderArtifactStore } from '../filesystem/index.ts';
import { beginSqliteRebuild, createSqliteEventBus, openDatabase } from '../sqlite/index.ts';

/**
 * Opens the data folder of an embedded platform that does not run, for a rebuild of its store.
 *
 * @throws OrchestraError `NOT_FOUND` without a database; `STORE_OWNED` when a platform runs on it
 */
export async function openEmbeddedRebuild({ folder }: { folder: string }): Promise<RebuildRoom> {
  const file = join(folder, 'orchestra.sqlite');
  await access(file).catch(() => {
    throw new OrchestraError('NOT_FOUND', `There is no platform in ${folder}`);
  });
  const database = openDatabase({ file, clock: createSystemClock() });
  const bus = createSqliteEventBus({ database });
  return {
    bus,
    codec: createLocalCodec(),
    artifacts: createFolderArtifactStore({ folder: join(folder, 'artifacts') }),
    begin: (identity) => beginSqliteRebuild({ database, file, identity }),
    async close() {
      await bus.close();
      database.close();
    },
  };
}
