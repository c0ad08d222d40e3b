import { testDurableTimers, type RestartableStore } from '@orchestra/testkit';
import { createRedisRunStore } from './create-redis-run-store.ts';
import { openRedisRunStore } from './open-redis-run-store.fixture.ts';

const url = process.env['REDIS_URL'] ?? '';

async function create(): Promise<RestartableStore> {
  const opened = await openRedisRunStore(url);
  const { prefix, advance } = opened;
  const under: RestartableStore = {
    store: await createRedisRunStore({ url, prefix }),
    advance,
    async restart() {
      await under.store.close();
      under.store = await createRedisRunStore({ url, prefix });
    },
    async close() {
      await under.store.close();
      await opened.close();
    },
  };
  return under;
}

testDurableTimers('A store in Redis', create);
