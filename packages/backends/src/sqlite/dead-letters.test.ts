import { topicNames } from '@orchestra/contracts';
import { createFakeClock, testDeadLetters } from '@orchestra/testkit';
import { openDatabase } from './database.ts';
import { createSqliteEventBus } from './event-bus/event-bus.ts';

testDeadLetters('SQLite', async () => {
  const database = openDatabase({ file: ':memory:', clock: createFakeClock() });
  const bus = createSqliteEventBus({ database });
  await bus.ensureTopics(topicNames.flatMap((topic) => [topic, `${topic}.dlq`]));
  return { bus, close: async () => database.close() };
});
