import { createLocalCodec } from '@orchestra/contracts';
import { createSystemClock, createSystemIds } from '@orchestra/runtime';
import { createMemoryArtifacts, testHealthRoutes } from '@orchestra/testkit';
import { platformTopics } from '../kafka/index.ts';
import { createSqliteEventBus, createSqliteRunStore, openDatabase } from './index.ts';

testHealthRoutes('SQLite', async () => {
  const clock = createSystemClock();
  const database = openDatabase({ file: ':memory:', clock });
  const store = createSqliteRunStore({ database });
  const bus = createSqliteEventBus({ database });
  await bus.ensureTopics(platformTopics());
  return {
    store,
    bus,
    codec: createLocalCodec(),
    artifacts: createMemoryArtifacts(),
    logs: { append: async () => {}, read: async () => ({ text: '', next: 0 }), list: async () => [] },
    clock,
    ids: createSystemIds(),
    notes: [],
    async close() {
      await bus.close();
      await store.close();
      database.close();
    },
  };
});
