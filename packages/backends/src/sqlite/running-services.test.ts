import { createLocalCodec, topicNames } from '@orchestra/contracts';
import { createSystemClock, createSystemIds } from '@orchestra/runtime';
import { createMemoryArtifacts, testRunningServices } from '@orchestra/testkit';
import { createSqliteEventBus, createSqliteRunStore, openDatabase } from './index.ts';

testRunningServices('SQLite', async () => {
  const clock = createSystemClock();
  const ids = createSystemIds();
  const database = openDatabase({ file: ':memory:', clock });
  const store = createSqliteRunStore({ database });
  const bus = createSqliteEventBus({ database });
  await store.initialize(ids.next());
  await bus.ensureTopics(topicNames.flatMap((topic) => [topic, `${topic}.dlq`]));
  const logs = { append: async () => {}, read: async () => ({ text: '', next: 0 }), list: async () => [] };
  const artifacts = createMemoryArtifacts();
  return {
    store,
    bus,
    codec: createLocalCodec(),
    artifacts,
    logs,
    clock,
    ids,
    notes: [],
    async close() {
      await bus.close();
      await store.close();
      database.close();
    },
  };
});
