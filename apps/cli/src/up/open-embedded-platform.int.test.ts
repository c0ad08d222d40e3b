import { afterEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedPlatform } from './open-embedded-platform.ts';

const cleanups: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function givenFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'orchestra-up-'));
  cleanups.push(async () => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function open(folder: string, port: number) {
  const given = { repositories: ['ada/shop'], environment: { PATH: process.env['PATH'] }, host: '127.0.0.1' };
  const platform = await openEmbeddedPlatform({ ...given, folder, port, logTo: 'file' });
  cleanups.push(async () => platform.stop());
  return platform;
}

describe('the embedded platform', () => {
  it('leaves nothing running, and its folder to others, where it cannot listen', async () => {
    const { url } = await open(await givenFolder(), 0);
    const folder = await givenFolder();

    await expect(open(folder, Number(new URL(url).port))).rejects.toMatchObject({ code: 'EADDRINUSE' });

    // One owner at a time: a platform that still ran on it would keep us out.
    expect((await open(folder, 0)).url).not.toBe(url);
  });
});
