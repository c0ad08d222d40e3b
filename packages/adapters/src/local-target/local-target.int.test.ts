import { afterEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSampleService, eventually, startTraffic } from '@orchestra/testkit';
import { createLocalTarget, type LocalTarget } from './local-target.ts';
import { parseControl } from './parse-answer.ts';
import type { ReleaseSpec } from './view.ts';

const path = process.env['PATH'] ?? '';
const cleanups: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

function givenTarget(mode: 'process' | 'auto' = 'process') {
  const folder = mkdtempSync(join(tmpdir(), 'orchestra-target-'));
  const app = createSampleService();
  const local = createLocalTarget({ folder, mode, path });
  cleanups.push(async () => {
    await local.shutdown();
    rmSync(folder, { recursive: true, force: true });
    rmSync(app, { recursive: true, force: true });
  });
  return { folder, app, local, target: `ada/shop/${folder.slice(-6)}/web` };
}

function specOf(app: string, release: string, change: Partial<ReleaseSpec> = {}): ReleaseSpec {
  const env = { VERSION: release };
  return {
    release,
    folder: app,
    command: ['node', 'main.mjs'],
    env,
    replicas: 1,
    healthPath: '/health',
    readyTimeoutMs: 10_000,
    ...change,
  };
}

interface Deploy {
  local: LocalTarget;
  target: string;
  spec: ReleaseSpec;
  epoch: number;
}

async function serve({ local, target, spec, epoch }: Deploy): Promise<string> {
  await local.claim({ target, epoch, port: 0 });
  await local.ensureRelease({ target, epoch, spec });
  await local.waitUntilReady({ target, release: spec.release, timeoutMs: 10_000 });
  return (await local.setWeights({ target, epoch, weights: { [spec.release]: 100 } })).url;
}

async function releaseOf({ local, target }: Pick<Deploy, 'local' | 'target'>, release: string) {
  const view = await local.read(target);
  return view?.releases.find((one) => one.release === release) ?? null;
}

async function metricsOf({ local, target }: Pick<Deploy, 'local' | 'target'>, release: string) {
  const metrics = await local.metrics(target);
  const found = metrics?.releases.find((one) => one.release === release);
  if (found === undefined) throw new Error(`${release} has no metrics`);
  return found;
}

describe('the local target', () => {
  it.each(['process', 'auto'] as const)('serves a release behind a stable address (%s)', async (mode) => {
    const { local, target, app } = givenTarget(mode);

    const url = await serve({ local, target, spec: specOf(app, 'r1'), epoch: 1 });

    const response = await fetch(url);
    expect(await response.text()).toBe('r1');
    expect(response.headers.get('x-orchestra-release')).toBe('r1');
    expect(await local.read(target)).toMatchObject({ epoch: 1, releases: [{ release: 'r1', ready: 1, weight: 100 }] });
  });

  it('knows nothing of a target that was never deployed to', async () => {
    const { local, target } = givenTarget();

    expect(await local.read(target)).toBeNull();
    expect(await local.metrics(target)).toBeNull();
  });

  it('refuses every effect of an older epoch', async () => {
    const { local, target, app } = givenTarget();
    await serve({ local, target, spec: specOf(app, 'r1'), epoch: 5 });

    const refused = { code: 'TARGET_REFUSED', retriable: false };
    await expect(local.claim({ target, epoch: 4, port: 0 })).rejects.toMatchObject(refused);
    await expect(local.ensureRelease({ target, epoch: 4, spec: specOf(app, 'r0') })).rejects.toMatchObject(refused);
    await expect(local.setWeights({ target, epoch: 4, weights: { r1: 1 } })).rejects.toMatchObject(refused);
    await expect(local.stopRelease({ target, epoch: 4, release: 'r1' })).rejects.toMatchObject(refused);

    expect(await local.read(target)).toMatchObject({ epoch: 5, releases: [{ release: 'r1', weight: 100 }] });
  });

  it('starts nothing from a folder that is not there', async () => {
    const { local, target, folder } = givenTarget();
    await local.claim({ target, epoch: 1, port: 0 });

    const started = local.ensureRelease({ target, epoch: 1, spec: specOf(join(folder, 'cleared-away'), 'r1') });

    await expect(started).rejects.toMatchObject({ code: 'ARTIFACT_MISSING', retriable: false });
    expect(await local.read(target)).toMatchObject({ releases: [] });
  });

  it('does nothing twice when a step is repeated', async () => {
    const { local, target, app } = givenTarget();
    const first = { local, target, spec: specOf(app, 'r1'), epoch: 1 };

    await serve(first);
    const before = await local.read(target);
    await serve(first);

    expect(await local.read(target)).toEqual(before);
  });

  it('splits the traffic by weight and counts requests, errors and latency by release', async () => {
    const { local, target, app } = givenTarget();
    const url = await serve({ local, target, spec: specOf(app, 'r1'), epoch: 1 });
    const failing = specOf(app, 'r2', { env: { VERSION: 'r2', FAIL_EVERY: '5' } });
    await local.ensureRelease({ target, epoch: 2, spec: failing });
    await local.waitUntilReady({ target, release: 'r2', timeoutMs: 10_000 });
    await local.setWeights({ target, epoch: 2, weights: { r1: 50, r2: 50 } });

    const requests = 400;
    for (let sent = 0; sent < requests; sent += 1) await (await fetch(url)).text();

    const [stable, canary] = [await metricsOf({ local, target }, 'r1'), await metricsOf({ local, target }, 'r2')];
    expect(stable.requests + canary.requests).toBe(requests);
    expect(canary.requests).toBeGreaterThan(120);
    expect([stable.errors, canary.errors]).toEqual([0, Math.floor(canary.requests / 5)]);
    expect(canary.latency.reduce((sum, count) => sum + count, 0)).toBe(canary.requests);
    expect(canary).toMatchObject({
      cpuSeconds: expect.any(Number),
      memoryBytes: expect.any(Number),
      networkBytes: canary.requests * 2,
    });
  });

  it('streams a request body through and back', async () => {
    const { local, target, app } = givenTarget();
    const url = await serve({ local, target, spec: specOf(app, 'r1'), epoch: 1 });
    const body = 'x'.repeat(3_000_000);

    const response = await fetch(`${url}/echo`, { method: 'POST', body });

    expect((await response.text()).length).toBe(body.length);
  });

  it('gives no traffic to a release that is not ready, and never stops the last one that serves', async () => {
    const { local, target, app } = givenTarget();
    await serve({ local, target, spec: specOf(app, 'r1'), epoch: 1 });
    await local.ensureRelease({
      target,
      epoch: 2,
      spec: specOf(app, 'r2', { command: ['node', '-e', 'process.exit(7)'] }),
    });

    await expect(local.setWeights({ target, epoch: 2, weights: { r2: 100 } })).rejects.toMatchObject({
      code: 'RELEASE_NOT_READY',
    });
    await expect(local.stopRelease({ target, epoch: 2, release: 'r1' })).rejects.toMatchObject({
      code: 'RELEASE_NOT_READY',
    });
    await expect(local.waitUntilReady({ target, release: 'r2', timeoutMs: 10_000 })).rejects.toMatchObject({
      code: 'RELEASE_NOT_READY',
      message: expect.stringContaining('exit code 7'),
    });
  });

  it.each([{ method: 'GET' }, { method: 'POST', body: 'hello' }])(
    'loses no request while releases replace each other ($method)',
    async (options) => {
      const { local, target, app } = givenTarget();
      const url = await serve({ local, target, spec: specOf(app, 'r1', { replicas: 2 }), epoch: 1 });
      const traffic = startTraffic(url, { request: options });

      await serve({ local, target, spec: specOf(app, 'r2', { replicas: 2 }), epoch: 2 });
      await local.stopRelease({ target, epoch: 2, release: 'r1' });
      await eventually({
        see: async () => releaseOf({ local, target }, 'r1'),
        until: (release) => release?.running === 0,
      });
      await traffic.stop();

      expect(traffic.seen.failed).toEqual([]);
      expect(traffic.seen.bodies).toEqual(new Set(['r1', 'r2']));
    },
  );

  it('starts a process again that has died, and answers from the others meanwhile', async () => {
    const { local, target, app } = givenTarget();
    const url = await serve({ local, target, spec: specOf(app, 'r1', { replicas: 2 }), epoch: 1 });
    const traffic = startTraffic(url);

    await fetch(`${url}/exit`, { method: 'POST' });
    await eventually({
      see: async () => releaseOf({ local, target }, 'r1'),
      until: (release) => release?.ready === 2 && release.crashes >= 1,
    });
    await traffic.stop();

    expect(traffic.seen.failed).toEqual([]);
  });

  it('takes its processes up again when the supervisor was killed', async () => {
    const { local, target, app, folder } = givenTarget();
    const url = await serve({ local, target, spec: specOf(app, 'r1'), epoch: 3 });
    const before = (await local.read(target))?.releases[0]?.ports;
    const control = parseControl(readFileSync(join(folder, 'control.json'), 'utf8'));

    process.kill(control?.pid ?? 0, 'SIGKILL');
    await local.tend();

    expect(await (await fetch(url)).text()).toBe('r1');
    expect(await local.read(target)).toMatchObject({ epoch: 3, releases: [{ ready: 1, crashes: 0, ports: before }] });
  });

  it('reads a page of each ready process, and nothing of a release that it does not know', async () => {
    const { local, target, app } = givenTarget();
    expect(await local.pages({ target, release: 'r1', path: '/health' })).toEqual([]);

    await serve({ local, target, spec: specOf(app, 'r1', { replicas: 2 }), epoch: 1 });

    expect(await local.pages({ target, release: 'r1', path: '/health' })).toEqual(['ok', 'ok']);
    expect(await local.pages({ target, release: 'r2', path: '/health' })).toEqual([]);
  });

  it('starts one supervisor when many ask at once', async () => {
    const { folder, target } = givenTarget();
    const clients = Array.from({ length: 4 }, () => createLocalTarget({ folder, mode: 'process', path }));

    await Promise.all(clients.map(async (client) => client.tend()));

    const control = readFileSync(join(folder, 'control.json'), 'utf8');
    await Promise.all(clients.map(async (client) => client.claim({ target, epoch: 1, port: 0 })));
    expect(readFileSync(join(folder, 'control.json'), 'utf8')).toBe(control);
  });
});

// The client deploys releases for ever, one after the other, until it is killed in the middle of whatever it does.
const client = (module: string): string => `
  import { createLocalTarget } from ${JSON.stringify(module)};
  const [folder, app, target] = process.argv.slice(2);
  const local = createLocalTarget({ folder, mode: 'process', path: process.env.PATH });
  for (let epoch = 2; ; epoch += 1) {
    const release = 'r' + epoch;
    await local.claim({ target, epoch, port: 0 });
    const spec = { release, folder: app, command: ['node', 'main.mjs'], env: { VERSION: release }, replicas: 1, healthPath: '/health', readyTimeoutMs: 10000 };
    await local.ensureRelease({ target, epoch, spec });
    await local.waitUntilReady({ target, release, timeoutMs: 10000 });
    for (const weight of [10, 50, 100]) await local.setWeights({ target, epoch, weights: { ['r' + (epoch - 1)]: 100 - weight, [release]: weight } });
    await local.stopRelease({ target, epoch, release: 'r' + (epoch - 1) });
    console.log(release);
  }`;

describe('a deploying process that is killed under traffic', () => {
  it('fails not one request', async () => {
    const { local, target, app, folder } = givenTarget();
    const url = await serve({ local, target, spec: specOf(app, 'r1'), epoch: 1 });
    const script = join(app, 'client.mjs');
    writeFileSync(script, client(new URL('./local-target.ts', import.meta.url).href));
    const deploying = spawn(process.execPath, ['--conditions=source', script, folder, app, target], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const traffic = startTraffic(url);

    await once(deploying.stdout, 'data');
    deploying.kill('SIGKILL');
    await once(deploying, 'exit');
    const answered = traffic.seen.answered;
    await eventually({ see: () => traffic.seen.answered, until: (count) => count > answered + 100 });
    await traffic.stop();

    expect(traffic.seen.failed).toEqual([]);
    expect(await local.read(target)).toMatchObject({ epoch: expect.any(Number) });
  });
});
