import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@orchestra/testkit';
import { createLocalTarget, type LocalTarget } from './local-target.ts';

let folder: string;
let local: LocalTarget;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'orchestra-target-'));
  local = createLocalTarget({ folder, mode: 'process', path: process.env['PATH'] ?? '' });
});
afterEach(async () => {
  await local.shutdown();
  rmSync(folder, { recursive: true, force: true });
});

async function start(target: string, text: string): Promise<void> {
  const command = ['node', '-e', `console.error(${JSON.stringify(text)}); setInterval(() => {}, 1000)`];
  const spec = {
    release: 'r1',
    folder: tmpdir(),
    command,
    env: {},
    replicas: 1,
    healthPath: '/',
    readyTimeoutMs: 60_000,
  };
  await local.claim({ target, epoch: 1, port: 0 });
  await local.ensureRelease({ target, epoch: 1, spec });
}

describe('the output of a release', () => {
  it('is what its processes wrote, and not what one of the same name wrote in another target', async () => {
    const targets = ['ada/shop/staging/web', 'ada/shop/production/web'];
    for (const target of targets) await start(target, `hello ${target}`);

    for (const target of targets) {
      const text = await eventually({
        see: () => local.output({ target, release: 'r1' }),
        until: (seen) => seen.includes('\n'),
      });
      expect(text).toBe(`hello ${target}\n`);
    }
  });

  it('is read line by line from a place on', async () => {
    const target = 'ada/shop/production/web';
    await start(target, 'hello');

    const lines = await eventually({
      see: () => local.lines({ target, release: 'r1', from: 0 }),
      until: (seen) => seen?.text !== '',
    });

    expect(lines).toEqual({ text: 'hello\n', next: 6 });
    expect(await local.lines({ target, release: 'r1', from: 6 })).toEqual({ text: '', next: 6 });
  });

  it('is empty where nothing was ever deployed, and starts nothing', async () => {
    expect(await local.output({ target: 'ada/shop/staging/web', release: 'r1' })).toBe('');
  });
});
