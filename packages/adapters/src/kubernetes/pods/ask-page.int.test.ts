import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as client from '@kubernetes/client-node';
import { startHttpFake, type HttpFake } from '@orchestra/testkit';
import { aCluster } from '../a-cluster.fixture.ts';
import { labels, nameTarget } from '../target-names.ts';
import { askPage, pathOfPage } from './ask-page.ts';
import { createClusterPods } from './cluster-pods.ts';

const target = 'ada/shop/production/web';

/** What the API server says by itself. */
function told(message: string): object {
  return { kind: 'Status', apiVersion: 'v1', status: 'Failure', message };
}

describe('pages of pods, through an API server', () => {
  let api: HttpFake;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'orchestra-pages-'));
    const pods = ['r1', 'r2'].map((release) => ({
      metadata: { name: `web-${release}`, namespace: 'shop', labels: { [labels.release]: release } },
      spec: { containers: [{ name: 'app', ports: [{ name: 'http', containerPort: 8080 }] }] },
      status: { conditions: [{ type: 'Ready', status: 'True' }] },
    }));
    api = await startHttpFake(({ path }) => {
      const [, pod] = /pods\/([^/:]+):8080\/proxy\//.exec(path) ?? [];
      if (pod !== undefined) return { status: 200, body: pod };
      const release = /release%3D(r\d)/.exec(path)?.[1];
      return { status: 200, body: { items: pods.filter(({ metadata }) => metadata.name === `web-${release}`) } };
    });
  });
  afterAll(async () => {
    await api.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function connect() {
    const file = join(folder, 'kubeconfig');
    const cluster = { server: api.url, 'insecure-skip-tls-verify': true };
    const config = {
      clusters: [{ name: 'fake', cluster }],
      users: [{ name: 'ada', user: { token: 't0ken' } }],
      contexts: [{ name: 'fake', context: { cluster: 'fake', user: 'ada' } }],
      'current-context': 'fake',
    };
    writeFileSync(file, JSON.stringify(config));
    return createClusterPods(aCluster(file, ['shop']));
  }

  it('are those of each release by its own pods, asked with the credentials of the kubeconfig', async () => {
    const pods = connect();
    const asked = { target, namespace: 'shop', paths: ['/metrics'] };

    expect(await pods.pages({ ...asked, release: 'r1' })).toEqual([['"web-r1"']]);
    expect(await pods.pages({ ...asked, release: 'r2' })).toEqual([['"web-r2"']]);

    const { path, headers } = api.seen.at(-1) ?? {};
    expect(path).toBe('/api/v1/namespaces/shop/pods/web-r2:8080/proxy/metrics');
    expect(headers?.['authorization']).toBe('Bearer t0ken');
    expect(api.seen.at(-2)?.path).toContain(nameTarget(target, 'shop').id);
  });

  it('are asked in the namespaces of this installation alone', async () => {
    const asked = connect().pages({ target, namespace: 'other', release: 'r1', paths: ['/'] });

    await expect(asked).rejects.toMatchObject({ code: 'TARGET_DENIED' });
  });

  async function ask(answer: HttpFake['next'][number], requestMs = 5_000, signal?: AbortSignal) {
    const path = pathOfPage({ namespace: 'shop', pod: 'web-r1', port: 8080, path: '/health' }) ?? '';
    const request = new client.ServerConfiguration(api.url, {}).makeRequestContext(path, client.HttpMethod.GET);
    api.next.push(answer);
    return askPage({ request, path }, { requestMs, signal });
  }

  it.each([
    { what: 'a page', answer: { status: 200, body: 'ok' }, page: '"ok"' },
    {
      what: 'a redirect, which is not followed',
      answer: { status: 302, headers: { location: '/secrets' } },
      page: '{}',
    },
    { what: 'an error of the app', answer: { status: 500, body: 'no database' }, page: null },
    { what: 'a refusal of the app', answer: { status: 403, body: { message: 'who are you' } }, page: null },
    {
      what: 'an app that nobody reaches',
      answer: { status: 503, body: told('error trying to reach service: dial tcp 10.1.0.7:8080: refused') },
      page: null,
    },
    { what: 'an app that hangs behind the API server', answer: { status: 504, body: told('Timeout') }, page: null },
    { what: 'a page that is too long', answer: { status: 200, body: 'x'.repeat(4_194_305) }, page: null },
  ])('take $what for $page', async ({ answer, page }) => {
    const before = api.seen.length;

    expect(await ask(answer)).toBe(page);
    expect(api.seen).toHaveLength(before + 1);
  });

  it.each([
    { what: 'the rights', status: 403, message: 'pods "web-r1" is forbidden', code: 'TARGET_DENIED' },
    { what: 'the credentials', status: 401, message: 'Unauthorized', code: 'TARGET_DENIED' },
    { what: 'the API server', status: 503, message: 'the server is currently unable', code: 'TARGET_UNREACHABLE' },
    { what: 'the pod, which is gone', status: 404, message: 'pods "web-r1" not found', code: 'TARGET_UNREACHABLE' },
  ])('blame $what and not the app for $status of the API server', async ({ status, message, code }) => {
    await expect(ask({ status, body: told(message) })).rejects.toMatchObject({ code });
  });

  it('take silence for no answer of the app, and end with the one who asks', async () => {
    expect(await ask(null, 100)).toBeNull();

    await expect(ask(null, 5_000, AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped');
    api.next.length = 0;
  });
});
