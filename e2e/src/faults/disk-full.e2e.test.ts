import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findAddress } from '@orchestra/cli';
import { startPlatform, type PlatformUnderTest } from '../platform.ts';
import { shortPeriods } from './fault-world.ts';
import { lookUntil } from './look-until.ts';
import { isIn, openShop, type Shop } from './shop.ts';

let platform: PlatformUnderTest;
let shops: Shop[] = [];

beforeAll(async () => {
  platform = await startPlatform({ distributed: false, environment: { ...process.env, ...shortPeriods } });
  shops = await Promise.all([1_000, 0].map((buildMs) => openShop(platform, { pipeline: 'light', buildMs })));
});

afterAll(async () => {
  await Promise.all(shops.map((shop) => shop.close()));
  await platform.stop();
});

describe('F11 the disk of the embedded platform is full', () => {
  it('pushes are answered 503 with Retry-After, what was accepted waits, and with room again all of it ends', async () => {
    const [busy, other] = shops;
    if (busy === undefined || other === undefined) throw new Error('there are no shops');
    const { runId } = await busy.push('before it is full');
    await lookUntil({ see: () => busy.look(runId), until: (shown) => isIn(shown, 'build', ['running']) });

    await allowFilesOf(platform, '0');
    const refused = await other.offer('while it is full');
    const meanwhile = await busy.look(runId);
    await allowFilesOf(platform, 'unlimited');

    expect(refused.answer).toMatchObject({ status: 503, runId: null });
    expect(Number(refused.answer.retryAfter)).toBeGreaterThan(0);
    expect(isIn(meanwhile, 'build', ['running'])).toBe(true);
    const later = await other.insist(refused);
    expect([await busy.endOf(runId), await other.endOf(later.runId)]).toEqual(['success', 'success']);
    expect(await platform.api.read('/dead-letters')).toMatchObject({ letters: [] });
  });
});

// To a process whose files may have no bytes any more, each write fails as on a disk that is full.
async function allowFilesOf({ data }: PlatformUnderTest, most: '0' | 'unlimited'): Promise<void> {
  const address = await findAddress(data);
  execFileSync('prlimit', ['--pid', String(address?.pid), `--fsize=${most}:`]);
}
