import { describe, expect, it } from '@jest/globals';
import { findFreePort, startRedis } from '@orchestra/testkit/neighbours';
import { createRedisRunStore } from './create-redis-run-store.ts';

describe('createRedisRunStore', () => {
  it.each([
    ['without an append-only file', { appendonly: 'no' }, 'append-only file'],
    ['that evicts', { 'maxmemory-policy': 'allkeys-lru' }, 'noeviction'],
  ])('F11 refuses a server %s, unless it is told to bear it', async (_what, settings, named) => {
    const server = await startRedis({ fresh: true, settings });
    try {
      const refused = createRedisRunStore({ url: server.url });

      await expect(refused).rejects.toMatchObject({ code: 'STORE_UNSAFE', retriable: false });
      await expect(refused).rejects.toThrow(named);
      const store = await createRedisRunStore({ url: server.url, allowUnsafe: true });
      expect(await store.initialize('unsafe')).toBe('unsafe');
      await store.close();
    } finally {
      await server.stop();
    }
  });

  it('says that it may be repeated when nobody answers', async () => {
    const url = `redis://127.0.0.1:${await findFreePort()}`;

    await expect(createRedisRunStore({ url })).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', retriable: true });
  });

  it.each(['do:', 'do:{a}:{b}:', 'do:{}:'])('refuses the prefix %s, which does not name one slot', async (prefix) => {
    const refused = createRedisRunStore({ url: process.env['REDIS_URL'] ?? '', prefix });

    await expect(refused).rejects.toMatchObject({ code: 'STORE_ARGUMENT_INVALID' });
  });

  it('gives a store that fails when it is used after its end', async () => {
    const store = await createRedisRunStore({ url: process.env['REDIS_URL'] ?? '', prefix: 'test:{closed}:' });
    await store.close();

    await expect(store.identity()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });
});
