import { describe, expect, it } from '@jest/globals';
import type { V1Pod } from '@kubernetes/client-node';
import { pathOfPage } from './ask-page.ts';
import { readPages } from './read-pages.ts';

const page = { namespace: 'shop', pod: 'web-1', port: 8080, path: '/metrics?format=text' };

function aPod(name: string, { ready = true, ports = [{ containerPort: 8080 }] }: Given = {}): V1Pod {
  const conditions = [{ type: 'Ready', status: ready ? 'True' : 'False' }];
  const spec = { containers: [{ name: 'sidecar' }, { name: 'web', ports }] };
  return { metadata: { name, namespace: 'shop' }, spec, status: { conditions } };
}

interface Given {
  ready?: boolean;
  ports?: { name?: string; containerPort: number }[];
}

describe('pathOfPage', () => {
  it('leads through the API to the port of a pod, with the query of the page', () => {
    expect(pathOfPage(page)).toBe('/api/v1/namespaces/shop/pods/web-1:8080/proxy/metrics?format=text');
  });

  it.each([
    '/../../../secrets',
    '/a/../../b',
    '/%2e%2e/%2e%2e/secrets',
    '/%252e%252e/secrets',
    '/..%2f..%2fsecrets',
    String.raw`/..\..\secrets`,
    '/a/./b',
    '/%zz',
    'metrics',
    '@elsewhere/',
  ])('leads to no other part of the API by %s', (path) => {
    expect(pathOfPage({ ...page, path })).toBeNull();
  });
});

describe('readPages', () => {
  it('asks the pods that are ready at their port http, else at the first that they name', async () => {
    const asked: string[] = [];
    const ask = async (path: string) => {
      asked.push(path.replace('/api/v1/namespaces/shop/pods/', ''));
      return path.endsWith('/health') ? 'ok' : null;
    };
    const ports = [{ containerPort: 9000 }, { name: 'http', containerPort: 80 }];
    const pods = [aPod('a'), aPod('b', { ports }), aPod('c', { ready: false }), aPod('d', { ports: [] })];

    const pages = await readPages({ pods, paths: ['/health', '/no'], ask });

    expect(pages).toEqual([
      ['ok', null],
      ['ok', null],
      [null, null],
    ]);
    expect(asked).toEqual(['a:8080/proxy/health', 'a:8080/proxy/no', 'b:80/proxy/health', 'b:80/proxy/no']);
  });

  it('asks ten pods at most', async () => {
    const pods = Array.from({ length: 12 }, (_none, number) => aPod(`web-${number}`));

    expect(await readPages({ pods, paths: ['/'], ask: async () => 'ok' })).toHaveLength(10);
  });
});
