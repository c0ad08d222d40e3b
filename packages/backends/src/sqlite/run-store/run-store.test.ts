import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFakeClock, testRunStoreJobs, testRunStoreRuns, type RunStoreUnderTest } from '@orchestra/testkit';
import { openDatabase } from '../database.ts';
import { createSqliteRunStore } from './run-store.ts';

async function create(): Promise<RunStoreUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), 'store-'));
  const clock = createFakeClock();
  const database = openDatabase({ file: join(folder, 'orchestra.db'), clock });
  const store = createSqliteRunStore({ database });
  return {
    store,
    advance: async (ms) => clock.advance(ms),
    async close() {
      await store.close();
      database.close();
      await rm(folder, { recursive: true });
    },
  };
}

testRunStoreRuns('SQLite', create);
testRunStoreJobs('SQLite', create);
