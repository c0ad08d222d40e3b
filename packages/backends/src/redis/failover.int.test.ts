import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RunStore } from '@orchestra/runtime';
import { aFinish, aNewJob, eventually, startTcpProxy, type TcpProxy } from '@orchestra/testkit';
import { startRedis, type Neighbour } from '@orchestra/testkit/neighbours';
import { Redis } from 'ioredis';
import { createRedisRunStore } from './create-redis-run-store.ts';

const claim = { service: 'build', owner: 'worker', leaseMs: 60_000, except: [], maxStalls: 5 } as const;
const servers: Neighbour[] = [];
const proxies: TcpProxy[] = [];
let replica: Redis;
let link: TcpProxy;
let front: TcpProxy;
let store: RunStore;

beforeAll(async () => {
  const [primary, second] = await Promise.all([startRedis({ fresh: true }), startRedis({ fresh: true })]);
  servers.push(primary, second);
  front = await startTcpProxy({ target: new URL(primary.url).host });
  link = await startTcpProxy({ target: new URL(primary.url).host });
  proxies.push(front, link);
  replica = new Redis(second.url);
  await replica.replicaof('127.0.0.1', link.port);
  await untilReplicated((said) => said.includes('master_link_status:up'));
  store = await createRedisRunStore({ url: `redis://${front.address}`, commandTimeoutMs: 1_000 });
  await store.initialize('failover');
});

afterAll(async () => {
  await store.close();
  replica.disconnect();
  await Promise.all(proxies.map((proxy) => proxy.close()));
  await Promise.all(servers.map((server) => server.stop()));
});

describe('createRedisRunStore after a fail-over', () => {
  it('F10 does not take the end of a job whose claim was lost with the last second, and gives the job out again', async () => {
    await store.enqueue(aNewJob({ jobId: 'before' }));
    await eventually({ see: () => replica.exists('do:{do}:job:before'), until: (count) => count === 1 });
    // From here on nothing reaches the replica, and the primary does not know.
    link.behave('half_open');
    const lost = await store.claim(claim);
    await store.enqueue(aNewJob({ jobId: 'lost' }));

    await replica.replicaof('NO', 'ONE');
    front.forwardTo(new URL(servers[1]?.url ?? '').host);
    front.reset();
    await eventually({ see: () => store.identity().catch(() => null), until: (identity) => identity !== null });

    expect(lost?.jobId).toBe('before');
    expect(lost === null ? null : await store.finish(lost, aFinish())).toBe('fenced');
    expect(await store.readJob('lost')).toBeNull();
    const again = await store.claim(claim);
    expect(again?.jobId).toBe('before');
    expect(again === null ? null : await store.finish(again, aFinish())).toBe('finished');
  });
});

async function untilReplicated(is: (said: string) => boolean): Promise<void> {
  await eventually({ see: () => replica.info('replication'), until: is });
}
