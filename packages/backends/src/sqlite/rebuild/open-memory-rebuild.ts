import type { Clock, StoreRebuild } from '@orchestra/runtime';
import { openDatabase } from '../database.ts';
import { createSqliteRunStore } from '../run-store/run-store.ts';
import { inStep } from '../run-store/step.ts';
import { restoreRun } from './restore-run.ts';

/** A store that is filled as by a rebuild and lasts until it is closed: for looking at what a run was like. */
export async function openMemoryRebuild(clock: Clock): Promise<StoreRebuild> {
  const database = openDatabase({ file: ':memory:', clock });
  const store = createSqliteRunStore({ database });
  await store.initialize('in memory');
  return {
    store,
    restoreRun: (run) => inStep(database, (step) => restoreRun(step, run)),
    commit: async () => {},
    async close() {
      await store.close();
      database.close();
    },
  };
}
