import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSampleService, testReleases } from '@orchestra/testkit';
import { packFolder } from '../archive/pack-folder.ts';
import { createLocalReleases, type StartableRelease } from './local-releases.ts';

testReleases('processes on this machine', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'orchestra-releases-'));
  // Released processes run as a user of their own, which has to be able to pass.
  chmodSync(folder, 0o711);
  const app = createSampleService();
  const releases = createLocalReleases({ folder, mode: 'process', path: process.env['PATH'] ?? '' });
  return {
    releases,
    target: `ada/shop/${folder.slice(-6)}/web`,
    startable: (release, how = 'comes_up') => startableOf(app, { release, how }),
    async close() {
      await releases.shutdown();
      for (const made of [folder, app]) rmSync(made, { recursive: true, force: true });
    },
  };
});

function startableOf(app: string, { release, how }: { release: string; how: string }): StartableRelease {
  const crashes = how === 'crashes';
  return {
    release,
    artifactDigest: `sha256:${'a'.repeat(64)}`,
    command: crashes ? ['node', '-e', 'process.exit(1)'] : ['node', 'main.mjs'],
    env: { VERSION: release },
    port: 0,
    replicas: 1,
    healthPath: '/health',
    readyTimeoutMs: crashes ? 2_000 : 20_000,
    open: async () => packFolder(app, { maxBytes: 1_000_000 }),
  };
}
