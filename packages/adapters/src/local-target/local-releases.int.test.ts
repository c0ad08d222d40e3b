import { afterEach, describe, expect, it } from '@jest/globals';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSampleService, eventually } from '@orchestra/testkit';
import { packFolder } from '../archive/pack-folder.ts';
import { createLocalReleases, type StartableRelease } from './local-releases.ts';
import { parseControl } from './parse-answer.ts';

const cleanups: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

function givenReleases() {
  const folder = mkdtempSync(join(tmpdir(), 'orchestra-releases-'));
  // Released processes run as a user of their own, which has to be able to pass.
  chmodSync(folder, 0o711);
  const app = createSampleService();
  const releases = createLocalReleases({ folder, mode: 'process', path: process.env['PATH'] ?? '' });
  cleanups.push(async () => {
    await releases.shutdown();
    for (const made of [folder, app]) rmSync(made, { recursive: true, force: true });
  });
  const target = `ada/shop/${folder.slice(-6)}/web`;
  const artifacts = join(folder, 'artifacts');
  return { folder, artifacts, target, releases, startable: (letter: string) => startableOf(app, letter) };
}

// Each letter is a release and the digest of its artifact.
function startableOf(app: string, letter: string): StartableRelease {
  return {
    release: letter,
    artifactDigest: `sha256:${letter.repeat(64)}`,
    command: ['node', 'main.mjs'],
    env: { VERSION: letter },
    port: 0,
    replicas: 1,
    healthPath: '/health',
    readyTimeoutMs: 10_000,
    open: async () => packFolder(app, { maxBytes: 1_000_000 }),
  };
}

function age(folder: string): void {
  for (const name of readdirSync(folder)) utimesSync(join(folder, name), 0, 0);
}

describe('releases on this machine', () => {
  it('keep the files of what may come back soon, lose those of what is long gone, and come back all the same', async () => {
    const { folder, artifacts, target, releases, startable } = givenReleases();
    let epoch = 0;
    for (const letter of ['a', 'b', 'c', 'd', 'e', 'f']) {
      epoch += 1;
      await releases.bringUp({ target, epoch, startable: startable(letter) });
      const before = await releases.share({ target, epoch, weights: { [letter]: 100 } });
      const others = before.releases.map(({ release }) => release).filter((release) => release !== letter);
      await releases.retire({ target, epoch, releases: others });
      await eventually({
        see: async () => releases.look(target),
        until: (view) => view?.releases.every(({ release, running }) => running === 0 || release === letter) === true,
      });
    }
    age(artifacts);

    // The next one sweeps first of all; it knows from its state what is needed.
    const control = parseControl(readFileSync(join(folder, 'control.json'), 'utf8'));
    process.kill(control?.pid ?? 0, 'SIGKILL');
    await releases.tend();

    await eventually({
      see: () => readdirSync(artifacts).map((name) => name[0] ?? ''),
      until: (is) => is.length === 5,
    });
    expect(existsSync(join(artifacts, 'a'.repeat(64)))).toBe(false);
    const { url } = await releases.giveBack({ target, epoch: epoch + 1, to: startable('a') });
    expect(await (await fetch(url)).text()).toBe('a');
  });
});
