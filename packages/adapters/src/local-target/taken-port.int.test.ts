import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSampleService } from '@orchestra/testkit';
import { createLocalTarget } from './local-target.ts';

const target = 'ada/shop/production/web';
const cleanups: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

function givenTarget() {
  const folder = mkdtempSync(join(tmpdir(), 'orchestra-port-'));
  const app = createSampleService();
  const local = createLocalTarget({ folder, mode: 'process', path: process.env['PATH'] ?? '' });
  cleanups.push(async () => {
    await local.shutdown();
    for (const made of [folder, app]) rmSync(made, { recursive: true, force: true });
  });
  const spec = { release: 'r1', folder: app, command: ['node', 'main.mjs'], env: { VERSION: 'r1' }, replicas: 1 };
  return {
    local,
    async bringUp({ epoch, port }: { epoch: number; port: number }) {
      await local.claim({ target, epoch, port });
      const ready = { healthPath: '/health', readyTimeoutMs: 10_000 };
      return local.ensureRelease({ target, epoch, spec: { ...spec, ...ready } });
    },
  };
}

describe('a first release where another program has the port', () => {
  it.each(['it is free', 'another one is wanted'])('is refused until %s', async (mended) => {
    const { local, bringUp } = givenTarget();
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const taken = portOf(other);

    const refused = { code: 'TARGET_DENIED', message: expect.stringContaining(`The port ${taken}`) };
    await expect(bringUp({ epoch: 1, port: taken })).rejects.toMatchObject(refused);
    const left = await local.read(target);
    const isFree = mended === 'it is free';
    if (isFree) await close(other);
    const served = await bringUp({ epoch: 2, port: isFree ? taken : 0 });
    if (!isFree) await close(other);

    expect(left).toMatchObject({ epoch: 1, releases: [] });
    expect(new URL(served.url).port === String(taken)).toBe(isFree);
    expect(served.releases).toMatchObject([{ release: 'r1' }]);
  });
});

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function close(server: Server): Promise<void> {
  server.close();
  await once(server, 'close');
}
