import { testRunStoreJobs } from '@orchestra/testkit';
import { openRedisRunStore } from './open-redis-run-store.fixture.ts';

testRunStoreJobs('Redis', async () => openRedisRunStore(process.env['REDIS_URL'] ?? ''));
