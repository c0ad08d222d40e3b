import { startContainer } from './docker.ts';
import { startByFirstWay } from './first-way.ts';
import { answersPing, durableSettings, startLocalRedis } from './local-redis.ts';
import type { Neighbour, NeighbourOptions } from './neighbour.ts';

/**
 * Comes by a Redis 7 that fsyncs every write and evicts nothing. It keeps its data over `kill` and `restart`.
 *
 * @param options `settings` are those of redis.conf, such as `{ appendonly: 'no' }`
 * @throws OrchestraError `NEIGHBOUR_UNAVAILABLE` naming the three ways
 */
export function startRedis(options: NeighbourOptions = {}): Promise<Neighbour> {
  const ways = { name: 'Redis', variable: 'REDIS_URL', docker: startRedisContainer, local: startLocalRedis };
  return startByFirstWay(ways, options);
}

function startRedisContainer(settings: Record<string, string>): Promise<Neighbour> {
  const all = Object.entries({ ...durableSettings, 'protected-mode': 'no', ...settings });
  const command = ['redis-server', ...all.flatMap(([name, value]) => [`--${name}`, value])];
  return startContainer({
    image: 'redis:7',
    port: 6379,
    urlOf: (host, port) => `redis://${host}:${port}`,
    prepare: (container) => container.withCommand(command),
    isReady: (host, port) => answersPing(port, host),
  });
}
