import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startHttpFake, type HttpFake } from '@orchestra/testkit';
import { createImageRegistry, type ImageRegistry } from './image-registry.ts';

const digest = `sha256:${'a'.repeat(64)}`;
const path = `/v2/team/shop/manifests/${digest}`;

let fake: HttpFake;
let host: string;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'registry-'));
  fake = await startHttpFake(({ headers, path: asked }) => {
    if (asked.startsWith('/token')) return { status: 200, body: { token: 't1' } };
    if (headers['authorization'] === 'Bearer t1') return { status: 200 };
    const challenge = `Bearer realm="${fake.url}/token",service="registry"`;
    return { status: 401, headers: { 'www-authenticate': challenge } };
  });
  host = new URL(fake.url).host;
});
afterEach(async () => {
  await fake.close();
  await rm(folder, { recursive: true, force: true });
});

function registry(plainHosts = [host], limitMs = 20_000): ImageRegistry {
  return createImageRegistry({ dockerConfig: folder, plainHosts, limitMs });
}

const look = (of = registry()) => of.look(`${host}/team/shop:v1@${digest}`);

describe('a registry of images', () => {
  it.each([
    { status: 200, known: 'there' },
    { status: 404, known: 'gone' },
    { status: 403, known: 'unknown' },
    { status: 429, known: 'unknown' },
    { status: 503, known: 'unknown' },
  ])('that answers $status says that an image is $known', async ({ status, known }) => {
    fake.next.push({ status });

    expect(await look()).toBe(known);
    expect(fake.seen).toMatchObject([{ method: 'HEAD', path }]);
  });

  it('is asked with a token, which it is told how to get, and with the credentials of docker', async () => {
    const auth = Buffer.from('ada:secret').toString('base64');
    await writeFile(join(folder, 'config.json'), JSON.stringify({ auths: { [host]: { auth } } }));

    expect(await look()).toBe('there');
    expect(fake.seen).toMatchObject([
      { path },
      {
        path: '/token?service=registry&scope=repository%3Ateam%2Fshop%3Apull',
        headers: { authorization: `Basic ${auth}` },
      },
      { path, headers: { authorization: 'Bearer t1' } },
    ]);
  });

  it('that never answers, or is asked without TLS although nobody allowed it, is not known', async () => {
    expect(await look(registry([]))).toBe('unknown');
    expect(fake.seen).toEqual([]);

    fake.next.push(null);
    expect(await look(registry([host], 200))).toBe('unknown');
  });

  it('is not asked for an image that no digest names', async () => {
    expect(await registry().look(`${host}/team/shop:latest`)).toBe('unknown');
    expect(fake.seen).toEqual([]);
  });
});
