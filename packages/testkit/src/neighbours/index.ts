export { ensureBubblewrap } from './bubblewrap.ts';
export { cacheFolder, cachedFolder } from './cache-folder.ts';
export { findFreePort } from './free-port.ts';
export { startKafka } from './kafka.ts';
export type { Neighbour, NeighbourOptions, Way } from './neighbour.ts';
export { startRedis } from './redis.ts';
export { startRegistry } from './registry.ts';
export { startNeighbours, type Neighbours } from './start-neighbours.ts';
