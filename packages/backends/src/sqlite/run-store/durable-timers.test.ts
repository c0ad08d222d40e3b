import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFakeClock, testDurableTimers, type RestartableStore } from '@orchestra/testkit';
import { openDatabase } from '../database.ts';
import { createSqliteRunStore } from './run-store.ts';

async function create(): Promise<RestartableStore> {
  const folder = await mkdtemp(join(tmpdir(), 'timers-'));
  const clock = createFakeClock();
  const open = () => openDatabase({ file: join(folder, 'orchestra.db'), clock });
  let database = open();
  const under: RestartableStore = {
    store: createSqliteRunStore({ database }),
    async restart() {
      await under.store.close();
      database.close();
      database = open();
      under.store = createSqliteRunStore({ database });
    },
    advance: async (ms) => clock.advance(ms),
    async close() {
      await under.store.close();
      database.close();
      await rm(folder, { recursive: true });
    },
  };
  return under;
}

testDurableTimers('A SQLite file', create);
