export { openDistributedRebuild } from './open-distributed-rebuild.ts';
export { initDistributed, type InitOptions } from './init-distributed.ts';
export { openDistributed, type Distributed } from './open-distributed.ts';
