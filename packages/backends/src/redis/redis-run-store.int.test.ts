import { testRunStoreJobs, testRunStoreRuns } from '@orchestra/testkit';
import { openRedisRunStore } from './open-redis-run-store.fixture.ts';

async function create(): ReturnType<typeof openRedisRunStore> {
  return openRedisRunStore(process.env['REDIS_URL'] ?? '');
}

testRunStoreJobs('Redis', create);
testRunStoreRuns('Redis', create);
