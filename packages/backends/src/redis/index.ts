export { beginRedisRebuild } from './begin-redis-rebuild.ts';
export { createRedisRunStore, type RedisRunStoreOptions } from './create-redis-run-store.ts';
