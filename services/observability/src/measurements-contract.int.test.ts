import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packFolder } from '@orchestra/adapters/archive';
import { createLocalReleases } from '@orchestra/adapters/local-target';
import { createSampleService, testMeasurements } from '@orchestra/testkit';
import { settings } from './config.ts';
import { createPorts } from './create-ports.ts';

testMeasurements('processes on this machine', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'orchestra-measured-'));
  chmodSync(folder, 0o711);
  const app = createSampleService();
  const releases = createLocalReleases({ folder, mode: 'process', path: process.env['PATH'] ?? '' });
  const { measurements } = createPorts(settings.parse({ LOCAL_TARGET_DIR: folder }));
  const target = `ada/shop/${folder.slice(-6)}/web`;
  const open = async () => packFolder(app, { maxBytes: 1_000_000 });
  const start = { command: ['node', 'main.mjs'], env: {}, port: 0, replicas: 1, healthPath: '/health' };
  return {
    target,
    measure: async (asked) => measurements.measure(asked, null, AbortSignal.timeout(10_000)),
    async serve(release) {
      const artifactDigest = `sha256:${'a'.repeat(64)}`;
      const startable = { release, artifactDigest, readyTimeoutMs: 20_000, ...start, open };
      await releases.bringUp({ target, epoch: 1, startable });
      await releases.share({ target, epoch: 1, weights: { [release]: 100 } });
    },
    async visit() {
      const view = await releases.look(target);
      await (await fetch(view?.url ?? '')).text();
    },
    async close() {
      await releases.shutdown();
      for (const made of [folder, app]) rmSync(made, { recursive: true, force: true });
    },
  };
});
