import { createVerify, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { GithubDelivery } from '@orchestra/adapters/forge';
import { startHttpFake, type FakeAnswer, type HttpFake, type SeenRequest } from './http-fake.ts';

/** An attempt as a test makes it; `change` says what differs from a push that was not taken. */
export function aGithubDelivery(change: Partial<GithubDelivery> = {}): GithubDelivery {
  return {
    id: 1,
    guid: '00000000-0000-4000-8000-000000000000',
    delivered_at: '2026-01-01T00:00:00Z',
    redelivery: false,
    duration: 0.27,
    status: 'Service Unavailable',
    status_code: 503,
    event: 'push',
    action: null,
    installation_id: 1,
    repository_id: 1,
    ...change,
  };
}

export interface FakeGithubApp extends HttpFake {
  appId: string;
  /** PEM. */
  privateKey: string;
  /** Newest first. */
  deliveries: GithubDelivery[];
  /** Ids of the attempts that were asked for again, oldest first. */
  askedAgain: number[];
}

interface World {
  appId: string;
  publicKey: KeyObject;
  deliveries: GithubDelivery[];
  askedAgain: number[];
}

const pageSize = 100;
const attemptPath = /^\/app\/hook\/deliveries\/(?<id>\d+)\/attempts$/;

/**
 * A stand-in for the deliveries of a GitHub App. It answers only to a token that this App signed, gives pages of 100 with
 * a cursor, and an attempt that is asked for again is one more delivery of the same guid.
 */
export async function startFakeGithubApp(): Promise<FakeGithubApp> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const world: World = { appId: '4711', publicKey, deliveries: [], askedAgain: [] };
  const fake = await startHttpFake((request) => answer(request, world));
  const { appId, deliveries, askedAgain } = world;
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { ...fake, appId, privateKey: pem, deliveries, askedAgain };
}

function answer({ method, path, headers }: SeenRequest, world: World): FakeAnswer {
  if (!isSigned(String(headers['authorization'] ?? ''), world)) {
    return refusal(401, 'A JSON web token could not be decoded');
  }
  const url = new URL(path, 'http://github');
  const id = attemptPath.exec(url.pathname)?.groups?.['id'];
  if (method === 'POST' && id !== undefined) return attempt(Number(id), world);
  if (method === 'GET' && url.pathname === '/app/hook/deliveries') return page(url, world);
  return refusal(404, 'Not Found');
}

function page(url: URL, { deliveries }: World): FakeAnswer {
  const from = Number(url.searchParams.get('cursor') ?? '0');
  const next = from + pageSize;
  const more = `<https://api.github.com/app/hook/deliveries?per_page=100&cursor=${next}>; rel="next"`;
  return {
    status: 200,
    body: deliveries.slice(from, next),
    headers: next < deliveries.length ? { link: more } : {},
  };
}

function attempt(id: number, { deliveries, askedAgain }: World): FakeAnswer {
  const failed = deliveries.find((each) => each.id === id);
  if (failed === undefined) return refusal(404, 'Not Found');
  askedAgain.push(id);
  const newest = Math.max(...deliveries.map((each) => each.id));
  deliveries.unshift({ ...failed, id: newest + 1, redelivery: true });
  return { status: 202, body: {} };
}

function isSigned(authorization: string, { appId, publicKey }: World): boolean {
  const [head = '', claims = '', signature = ''] = authorization.replace(/^bearer /i, '').split('.');
  const verify = createVerify('RSA-SHA256').update(`${head}.${claims}`);
  if (signature === '' || !verify.verify(publicKey, signature, 'base64url')) return false;
  const claimed: { iss?: unknown; exp?: number } = JSON.parse(Buffer.from(claims, 'base64url').toString());
  return String(claimed.iss) === appId && (claimed.exp ?? 0) * 1000 > Date.now();
}

function refusal(status: number, message: string): FakeAnswer {
  return { status, body: { message, documentation_url: 'https://docs.github.com/rest', status: String(status) } };
}
