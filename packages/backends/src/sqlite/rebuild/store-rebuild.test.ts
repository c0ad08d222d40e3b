import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFakeClock, testStoreRebuild } from '@orchestra/testkit';
import { openDatabase, type Database } from '../database.ts';
import { createSqliteRunStore } from '../run-store/run-store.ts';
import { beginSqliteRebuild } from './begin-sqlite-rebuild.ts';

testStoreRebuild('SQLite', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rebuild-'));
  const file = join(folder, 'orchestra.db');
  let database: Database | null = null;
  const reopen = (): Database => {
    database?.close();
    database = openDatabase({ file, clock: createFakeClock() });
    return database;
  };
  return {
    open: async () => createSqliteRunStore({ database: reopen() }),
    begin: (identity) => beginSqliteRebuild({ database: reopen(), file, identity }),
    async close() {
      database?.close();
      await rm(folder, { recursive: true });
    },
  };
});
