import { renameSync, rmSync } from 'node:fs';
import { OrchestraError, type StoreRebuild } from '@orchestra/runtime';
import { openDatabase, type Database } from '../database.ts';
import { createSqliteRunStore } from '../run-store/run-store.ts';
import { inStep, readIdentity } from '../run-store/step.ts';
import { emptyStore } from './empty-store.ts';
import { restoreRun } from './restore-run.ts';

interface Begin {
  /** The open database, whose records stay; nothing else is to use it until the rebuild is closed. */
  database: Database;
  /** Its path. */
  file: string;
  /** Of the store that is being filled. */
  identity: string;
}

/**
 * Begins to fill an empty store: in a copy of the file, which takes the place of the file with the commit. The commit closes
 * the database that was given. What a rebuild that failed has left behind is overwritten.
 *
 * @throws OrchestraError `STORE_OWNED`, not retriable, when the store has an identity
 */
export async function beginSqliteRebuild({ database, file, identity }: Begin): Promise<StoreRebuild> {
  if (readIdentity(database) !== null) {
    throw new OrchestraError('STORE_OWNED', 'The run store has an identity: it is in use, and is not rebuilt');
  }
  const draft = `${file}.rebuild`;
  removeFile(draft);
  database.run('VACUUM INTO ?', [draft]);
  const copy = openDatabase({ file: draft, clock: database.clock });
  await emptyStore(copy);
  const store = createSqliteRunStore({ database: copy });
  await store.initialize(identity);
  return {
    store,
    restoreRun: (run) => inStep(copy, (step) => restoreRun(step, run)),
    async commit() {
      await store.close();
      // Into the file itself: a log beside it would stay behind.
      copy.all('PRAGMA wal_checkpoint(TRUNCATE)');
      copy.close();
      database.close();
      for (const end of ['-wal', '-shm']) rmSync(`${file}${end}`, { force: true });
      renameSync(draft, file);
    },
    async close() {
      await store.close();
      copy.close();
      removeFile(draft);
    },
  };
}

function removeFile(file: string): void {
  for (const end of ['', '-wal', '-shm', '.lock', '.owner']) rmSync(`${file}${end}`, { force: true });
}
