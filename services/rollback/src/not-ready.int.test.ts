import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packFolder } from '@orchestra/adapters/archive';
import { createLocalReleases, type LocalReleases } from '@orchestra/adapters/local-target';
import { targetKey } from '@orchestra/contracts';
import { createMemoryArtifacts, createSampleService, receive, startTraffic } from '@orchestra/testkit';
import { createService } from './service.ts';
import { aCanary, alert, givenWorld, place, released } from './world.fixture.ts';

function manifestOf(release: string, command: readonly string[], artifactDigest: string) {
  const env = { VERSION: release };
  const how = { replicas: 1, healthPath: '/health', metricsPath: null, readyTimeoutMs: 20_000 };
  return { artifactDigest, command: [...command], env, port: 0, ...how };
}

// The outage of flagger#1898: the primary was scaled to zero while the traffic still pointed to it.
describe('a rollback to a release without processes, on the target of this machine', () => {
  let folder: string;
  let app: string;
  let releases: LocalReleases;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'orchestra-rollback-'));
    // Released processes run as a user of their own, which has to be able to pass.
    chmodSync(folder, 0o711);
    app = createSampleService();
    releases = createLocalReleases({ folder, mode: 'process', path: process.env['PATH'] ?? '' });
  });
  afterEach(async () => {
    await releases.shutdown();
    for (const made of [folder, app]) rmSync(made, { recursive: true, force: true });
  });

  const key = targetKey(place);
  const pack = async () => packFolder(app, { maxBytes: 1_000_000 });

  /** r2 has all the traffic, and of r1 nothing runs any more. */
  async function givenRetired(command: readonly string[]) {
    const artifacts = createMemoryArtifacts();
    const { digest } = await artifacts.put(await pack());
    const canary = released(aCanary(), 2);
    const history = canary.history.map((one) => ({ ...one, manifest: manifestOf(one.release, command, digest) }));
    const world = givenWorld({ target: { ...canary, history } });
    const serving = manifestOf('r2', ['node', 'main.mjs'], digest);
    const move = { target: key, epoch: canary.epoch };
    await releases.bringUp({ ...move, startable: { ...serving, release: 'r2', open: pack } });
    const { url } = await releases.share({ ...move, weights: { r2: 100 } });
    const service = createService({ releases: { ...releases, notes: async () => releases.notes() } });
    return { world, artifacts, url, service };
  }

  async function weights() {
    const view = await releases.look(key);
    return Object.fromEntries(view?.releases.map(({ release, weight }) => [release, weight]) ?? []);
  }

  it('never routes to something that is not ready (flagger#1898): it is up before it gets the first request', async () => {
    const { world, artifacts, url, service } = await givenRetired(['node', 'main.mjs']);
    const traffic = startTraffic(url);

    const result = await receive(service, { topic: 'observability_alert', data: alert, ...world.around, artifacts });
    await traffic.stop();

    expect(result).toMatchObject({ status: 'success', events: [{ data: { toRelease: 'r1' } }] });
    expect(traffic.seen.failed).toEqual([]);
    expect(await (await fetch(url)).text()).toBe('r1');
  });

  it('leaves the traffic where it is when the old release does not come up, and calls people', async () => {
    const { world, artifacts, url, service } = await givenRetired(['node', '-e', 'process.exit(3)']);
    const traffic = startTraffic(url);

    const result = await receive(service, { topic: 'observability_alert', data: alert, ...world.around, artifacts });
    await traffic.stop();

    expect(result).toMatchObject({ status: 'error', reason: 'restore_failed', target: { target: { blocked: {} } } });
    expect(traffic.seen.failed).toEqual([]);
    expect(await weights()).toMatchObject({ r2: 100 });
    expect(await (await fetch(url)).text()).toBe('r2');
  });
});
