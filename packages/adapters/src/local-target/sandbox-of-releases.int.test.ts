import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalReleases, type LocalReleases } from './local-releases.ts';
import { createLocalTarget } from './local-target.ts';

const path = process.env['PATH'] ?? '';
let folder: string;
let opened: LocalReleases[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'orchestra-target-'));
});
afterEach(async () => {
  for (const releases of opened) await releases.shutdown();
  opened = [];
  rmSync(folder, { recursive: true, force: true });
});

function open(mode: 'bubblewrap' | 'process' | 'auto', programs = path): LocalReleases {
  const releases = createLocalReleases({ folder, mode, path: programs });
  opened.push(releases);
  return releases;
}

describe('the sandbox of releases', () => {
  it('gives a run nothing to say where it works', async () => {
    expect(await open('bubblewrap').notes()).toEqual([]);
  });

  it.each(['process', 'auto'] as const)('lets every run say that there is none (%s)', async (mode) => {
    expect(await open(mode, '/nowhere').notes()).toEqual(['release_unsandboxed']);
  });

  it('is refused at once, with the reason, where it is demanded and does not work', async () => {
    await expect(open('bubblewrap', '/nowhere').demandSandbox()).rejects.toMatchObject({
      code: 'SANDBOX_UNAVAILABLE',
      retriable: false,
      message: expect.stringContaining('bwrap is not installed'),
    });
  });

  it('is not given up for a supervisor that was started when none was demanded', async () => {
    await open('process').notes();

    const demanded = open('bubblewrap').demandSandbox();

    await expect(demanded).rejects.toMatchObject({ code: 'SANDBOX_UNAVAILABLE', retriable: false });
  });

  it('is never decided by those who only watch', async () => {
    const watching = createLocalTarget({ folder, mode: 'auto', path: '' });

    expect(await watching.metrics('ada/shop/production/web')).toBeNull();
    expect(() => readFileSync(join(folder, 'control.json'))).toThrow(/ENOENT/);
  });
});
