import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually, startHttpFake, startTcpProxy, type FakeAnswer, type HttpFake } from '@orchestra/testkit';
import { aCluster, anImage } from './a-cluster.fixture.ts';
import { connectCluster } from './connect-cluster.ts';
import { createKubernetesReleases, type KubernetesReleases } from './kubernetes-releases.ts';
import { nameTarget } from './target-names.ts';
import { waitUntilReady } from './wait-until-ready.ts';

const target = 'ada/shop/production/web';
const unavailable: FakeAnswer = { status: 503, body: { kind: 'Status', reason: 'ServiceUnavailable' } };
const conflict: FakeAnswer = { status: 409, body: { kind: 'Status', reason: 'Conflict', message: 'modified' } };

interface Limits {
  requestMs: number;
  deadlineMs: number;
  server?: string;
}

describe('an API server that misbehaves', () => {
  let folder: string;
  let api: HttpFake;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'orchestra-kubeconfig-'));
    api = await startHttpFake(({ method, path }) => {
      if (path.includes('/deployments')) return { status: 200, body: { items: [] } };
      return method === 'GET' ? { status: 200, body: service() } : conflict;
    });
  });
  afterEach(async () => {
    await api.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function writeKubeconfig(server: string): string {
    const file = join(folder, 'kubeconfig');
    const cluster = { server, 'insecure-skip-tls-verify': true };
    const config = {
      clusters: [{ name: 'fake', cluster }],
      users: [{ name: 'nobody', user: {} }],
      contexts: [{ name: 'fake', context: { cluster: 'fake', user: 'nobody' } }],
      'current-context': 'fake',
    };
    writeFileSync(file, JSON.stringify(config));
    return file;
  }

  function connect({ server = api.url, ...limits }: Limits): KubernetesReleases {
    return createKubernetesReleases({ ...aCluster(writeKubeconfig(server), ['shop']), ...limits })('shop');
  }

  it('F18: is asked again after 429, 500, 503 and silence', async () => {
    const releases = connect({ requestMs: 300, deadlineMs: 30_000 });
    api.next.push({ status: 429 }, { status: 500 }, unavailable, null);

    expect(await releases.look(target)).toMatchObject({ epoch: 3 });

    // Each of the four has met one request, and two more had to be answered; a busy machine may be silent once more.
    expect(api.next).toEqual([]);
    expect(api.seen.length).toBeGreaterThanOrEqual(6);
  });

  it('F18: is not asked again before Retry-After', async () => {
    const releases = connect({ requestMs: 5_000, deadlineMs: 30_000 });
    api.next.push({ status: 429, headers: { 'retry-after': '1' } });
    const began = performance.now();

    expect(await releases.look(target)).toMatchObject({ epoch: 3 });

    // Without it the first pause is a fifth of a second at most; a timer may be a moment early.
    expect(performance.now() - began).toBeGreaterThan(990);
  });

  it('F18: is given up at one deadline for all repetitions: not known, never taken for done', async () => {
    const releases = connect({ requestMs: 200, deadlineMs: 1_000 });
    api.next.push(...Array.from({ length: 50 }, () => unavailable));

    const asked = releases.claim({ target, epoch: 4, port: 0 });

    await expect(asked).rejects.toMatchObject({ code: 'TARGET_UNREACHABLE', retriable: true });
    expect(api.seen.length).toBeLessThan(20);
  });

  it('F18: that never answers is given up as well', async () => {
    const releases = connect({ requestMs: 200, deadlineMs: 600 });
    api.next.push(null, null, null, null, null, null);

    await expect(releases.look(target)).rejects.toMatchObject({ code: 'TARGET_UNREACHABLE' });
  });

  it('F18: is asked again when the connection is cut in the middle of a request', async () => {
    const proxy = await startTcpProxy({ target: new URL(api.url).host });
    try {
      const releases = connect({ requestMs: 20_000, deadlineMs: 60_000, server: `http://${proxy.address}` });
      proxy.behave('swallow_answers');
      const looking = releases.look(target);
      await eventually({ see: () => proxy.swallowed(), until: (chunks) => chunks > 0 });
      proxy.behave('pass');

      expect(await looking).toMatchObject({ epoch: 3 });
    } finally {
      await proxy.close();
    }
  });

  it('is asked over connections that stay open', async () => {
    const proxy = await startTcpProxy({ target: new URL(api.url).host });
    try {
      const releases = connect({ requestMs: 20_000, deadlineMs: 60_000, server: `http://${proxy.address}` });
      await releases.look(target);
      const before = proxy.connections();

      for (let times = 0; times < 5; times += 1) await releases.look(target);

      expect(proxy.connections()).toBeLessThanOrEqual(before);
    } finally {
      await proxy.close();
    }
  });

  it('F19: that forgot what it is asked as of (410) is asked for what is there now, and is never watched', async () => {
    const releases = connect({ requestMs: 5_000, deadlineMs: 10_000 });
    const gone: FakeAnswer = { status: 410, body: { kind: 'Status', reason: 'Expired', message: 'too old' } };
    api.next.push(gone, gone);

    expect(await releases.look(target)).toMatchObject({ epoch: 3 });
    await expect(releases.claim({ target, epoch: 4, port: 0 })).rejects.toMatchObject({ retriable: true });

    // No question is of an older moment, so none has to be begun anew.
    const asOfThen = api.seen.filter(({ path }) => /[?&](watch|resourceVersion|continue)=/.test(path));
    expect(asOfThen).toEqual([]);
  });

  it('F17: is read again after each conflict, and written five times at most', async () => {
    const releases = connect({ requestMs: 5_000, deadlineMs: 10_000 });

    const asked = releases.claim({ target, epoch: 4, port: 0 });

    await expect(asked).rejects.toMatchObject({ code: 'TARGET_UNREACHABLE', retriable: true });
    const methods = api.seen.map(({ method }) => method);
    expect(methods.filter((method) => method === 'PATCH')).toHaveLength(5);
    expect(methods[methods.lastIndexOf('PATCH') - 1]).toBe('GET');
  });

  it('F20: is believed that a release makes no progress, once its controller has seen what was asked for', async () => {
    const connecting = connectCluster(aCluster(writeKubeconfig(api.url), ['shop']));
    api.next.push(stuck({ observed: 1 }), stuck({ observed: 2 }), { status: 200, body: { items: [] } });

    const waiting = waitUntilReady({
      connect: connecting,
      names: nameTarget(target, 'shop'),
      release: 'r1',
      timeoutMs: 30_000,
    });

    await expect(waiting).rejects.toMatchObject({
      code: 'RELEASE_NOT_READY',
      retriable: false,
      message: expect.stringContaining('made no progress in time: 0 of 1 pods are ready'),
    });
    expect(api.seen).toHaveLength(3);
  });

  it('refuses what has no rights, and waiting does not help', async () => {
    const releases = connect({ requestMs: 5_000, deadlineMs: 10_000 });
    api.next.push({ status: 403, body: { kind: 'Status', reason: 'Forbidden', message: 'may not read services' } });

    await expect(releases.look(target)).rejects.toMatchObject({
      code: 'TARGET_DENIED',
      retriable: false,
      message: expect.stringContaining('may not read services'),
    });
  });

  it('is not asked at all for a namespace that is not allowed', async () => {
    const releases = createKubernetesReleases(aCluster(join(folder, 'kubeconfig'), ['other']))('shop');

    const asked = releases.bringUp({ target, epoch: 1, startable: anImage('r1') });

    await expect(asked).rejects.toMatchObject({ code: 'TARGET_DENIED', retriable: false });
    expect(api.seen).toEqual([]);
  });
});

function service() {
  return {
    metadata: {
      name: 'web',
      namespace: 'shop',
      resourceVersion: '7',
      labels: { 'devops-orchestra.io/target': '3a90d55c9d' },
      annotations: { 'devops-orchestra.io/epoch': '3' },
    },
    spec: { selector: { 'devops-orchestra.io/release': 'r1' }, ports: [{ port: 80 }] },
  };
}

/** A Deployment of the second generation past its progress deadline; `observed`: what its controller has seen of it. */
function stuck({ observed }: { observed: number }): FakeAnswer {
  const conditions = [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }];
  const status = { observedGeneration: observed, conditions };
  return { status: 200, body: { metadata: { name: 'web-r1', generation: 2 }, spec: { replicas: 1 }, status } };
}
