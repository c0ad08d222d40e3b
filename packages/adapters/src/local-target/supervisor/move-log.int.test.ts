import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSampleService } from '@orchestra/testkit';
import { createLocalTarget, type LocalTarget } from '../local-target.ts';
import type { ReleaseSpec } from '../view.ts';

const target = 'ada/shop/production/web';
let folder: string;
let app: string;
let local: LocalTarget;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'orchestra-target-'));
  app = createSampleService();
  local = createLocalTarget({ folder, mode: 'process', path: process.env['PATH'] ?? '' });
});

afterEach(async () => {
  await local.shutdown();
  for (const made of [folder, app]) rmSync(made, { recursive: true, force: true });
});

async function serve(epoch: number): Promise<void> {
  const how = { command: ['node', 'main.mjs'], replicas: 1, healthPath: '/health', readyTimeoutMs: 10_000 };
  const spec: ReleaseSpec = { release: 'r1', folder: app, env: { VERSION: 'r1' }, ...how };
  await local.claim({ target, epoch, port: 0 });
  await local.ensureRelease({ target, epoch, spec });
  await local.waitUntilReady({ target, release: 'r1', timeoutMs: 10_000 });
  await local.setWeights({ target, epoch, weights: { r1: 100 } });
}

describe('the log of moves', () => {
  it('tells each of them, whether it changed anything, and that an older one was refused', async () => {
    await serve(2);
    await serve(3);
    await expect(serve(1)).rejects.toMatchObject({ code: 'TARGET_REFUSED' });

    const lines = readFileSync(join(folder, 'logs/moves.log'), 'utf8').trim().split('\n');
    const moves = lines.map((line): Record<string, unknown> => JSON.parse(line));

    expect(moves.map(({ kind, epoch, changed, refused }) => [kind, epoch, changed, refused])).toEqual([
      ['claim', 2, true, null],
      ['ensure', 2, true, null],
      ['weights', 2, true, null],
      ['claim', 3, true, null],
      ['ensure', 3, false, null],
      ['weights', 3, false, null],
      ['claim', 1, false, 'TARGET_REFUSED'],
    ]);
    expect(moves[2]).toMatchObject({ target, weights: { r1: 100 }, release: null, processes: null });
  });
});
