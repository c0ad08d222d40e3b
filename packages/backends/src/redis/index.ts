export { createRedisRunStore, type RedisRunStoreOptions } from './create-redis-run-store.ts';
