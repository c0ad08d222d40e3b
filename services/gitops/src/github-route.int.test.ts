import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sign } from '@octokit/webhooks-methods';
import type { ServiceContext } from '@orchestra/runtime';
import { silentLog, startService, type StartedService } from '@orchestra/testkit';
import { portsForRoutes, webhookSecret as secret } from './ports-for-routes.fixture.ts';
import { createService } from './service.ts';

let started: StartedService;

/** What GitHub sends at most, in bytes. */
const longestBody = 25 * 1024 * 1024;

const push = {
  ref: 'refs/heads/main',
  before: 'b'.repeat(40),
  after: 'a'.repeat(40),
  deleted: false,
  repository: { full_name: 'acme/shop', clone_url: 'https://evil.example/x.git' },
  pusher: { name: 'ada' },
  head_commit: { message: 'Change', author: { name: 'Ada' } },
};

beforeEach(async () => {
  started = await startService(createService(portsForRoutes()));
});

afterEach(() => started.close());

interface Sent {
  event?: string;
  delivery?: string;
  signature?: string;
  headers?: Record<string, string>;
}

async function deliver(payload: object | string, sent: Sent = {}): Promise<Response> {
  const body = typeof payload === 'string' ? payload : JSON.stringify(payload);
  return fetch(`${started.url}/webhooks/github`, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'x-github-event': sent.event ?? 'push',
      'x-github-delivery': sent.delivery ?? randomUUID(),
      'x-hub-signature-256': sent.signature ?? (await sign(secret, body)),
      ...sent.headers,
    },
  });
}

async function runs(): Promise<number> {
  return (await started.backends.store.listRuns({ repository: null, limit: 100, before: null })).length;
}

describe('POST /webhooks/github', () => {
  it('answers with the run after it is durable, and clones from the configured place', async () => {
    const response = await deliver(push);

    const { runId } = (await response.json()) as { runId: string };
    expect(response.status).toBe(202);
    expect(response.headers.get('location')).toBe(`/api/v1/runs/${runId}`);
    expect(await started.backends.store.readRun(runId)).toMatchObject({
      repository: 'acme/shop',
      branch: 'main',
      commit: push.after,
      author: 'Ada',
      cloneUrl: 'file:///srv/git/shop.git',
    });
  });

  it('makes one run of a delivery that comes again, and of the same content under a new id', async () => {
    const delivery = randomUUID();
    const first = await deliver(push, { delivery });
    const answers = await Promise.all([deliver(push, { delivery }), deliver(push)]);

    const { runId } = (await first.json()) as { runId: string };
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(await Promise.all(answers.map((answer) => answer.json()))).toEqual([
      { runId, duplicate: true },
      { runId, duplicate: true },
    ]);
    expect(await runs()).toBe(1);
  });

  it('makes one run of many deliveries at once', async () => {
    const answers = await Promise.all(Array.from({ length: 30 }, () => deliver(push)));

    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
    expect(await runs()).toBe(1);
  });

  it.each([
    { what: 'ping', payload: { zen: 'Keep it simple' }, sent: { event: 'ping' }, reason: 'not_a_push' },
    {
      what: 'a deleted branch',
      payload: { ...push, deleted: true, after: '0'.repeat(40) },
      sent: {},
      reason: 'branch_deleted',
    },
    { what: 'a tag', payload: { ...push, ref: 'refs/tags/v1' }, sent: {}, reason: 'not_a_branch' },
    { what: '[skip ci]', payload: { ...push, head_commit: { message: 'x [skip ci]' } }, sent: {}, reason: 'skip_ci' },
    {
      what: 'an unknown repository',
      payload: { ...push, repository: { full_name: 'eve/shop' } },
      sent: {},
      reason: 'unknown_repository',
    },
  ])('ignores $what with 202 and the reason', async ({ payload, sent, reason }) => {
    const response = await deliver(payload, sent);

    expect(response.status).toBe(202);
    expect(await response.json()).toEqual({ ignored: true, reason });
    expect(await runs()).toBe(0);
  });

  it.each([
    { what: 'no signature', headers: { 'x-hub-signature-256': '' } },
    { what: 'a sha1 signature', headers: { 'x-hub-signature-256': `sha1=${'a'.repeat(40)}` } },
    { what: 'a wrong signature', headers: { 'x-hub-signature-256': `sha256=${'a'.repeat(64)}` } },
  ])('answers 401 to $what, in the one shape of errors', async ({ headers }) => {
    const response = await deliver(push, { headers });

    expect(response.status).toBe(401);
    expect(await response.json()).toEqual({ code: 'NOT_AUTHORIZED', message: expect.any(String) });
    expect(await runs()).toBe(0);
  });

  it.each([
    { what: 'no JSON', payload: '{', status: 400 },
    { what: '100,000 levels of it', payload: '['.repeat(100_000), status: 400 },
    { what: 'a form', payload: `payload=${encodeURIComponent(JSON.stringify(push))}`, status: 400 },
    { what: 'a push without a commit', payload: { ...push, after: undefined }, status: 400 },
    { what: 'a key that is no key', payload: '{"__proto__":{"ref":"refs/heads/main"}}', status: 400 },
  ])('answers $status to $what, and lives', async ({ payload, status }) => {
    expect((await deliver(payload)).status).toBe(status);
    expect((await deliver(push)).status).toBe(202);
  });

  it('answers 400 without a delivery id', async () => {
    expect((await deliver(push, { headers: { 'x-github-delivery': '' } })).status).toBe(400);
  });

  it('answers 415 to a compressed body', async () => {
    expect((await deliver(push, { headers: { 'content-encoding': 'gzip' } })).status).toBe(415);
  });

  it('takes a body of 25 MB', async () => {
    expect((await deliver(JSON.stringify(push).padEnd(longestBody))).status).toBe(202);
  });

  it('answers 413 to a body that says it is a byte longer, before it comes', async () => {
    const length = `content-length: ${longestBody + 1}`;
    const head = ['POST /webhooks/github HTTP/1.1', 'host: x', length, '', ''].join('\r\n');

    expect(await sendRaw(head)).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('answers 413 to endless chunks, and closes the connection', async () => {
    const head = ['POST /webhooks/github HTTP/1.1', 'host: x', 'transfer-encoding: chunked', '', ''].join('\r\n');
    const chunk = `${(1_048_576).toString(16)}\r\n${'x'.repeat(1_048_576)}\r\n`;

    expect(await sendRaw(head, chunk)).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('answers 503 with Retry-After while nothing can be kept', async () => {
    await startInstead({ ready: () => ({ ready: false, problems: ['store'] }) });

    const response = await deliver('{}');

    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('5');
  });

  it('says in the log whose delivery it ignored', async () => {
    const said: object[] = [];
    await startInstead({ log: { ...silentLog, info: (data, message) => said.push({ ...data, message }) } });

    await deliver({ ...push, repository: { full_name: 'eve/shop' } }, { delivery: 'd1' });

    expect(said).toEqual([{ repository: 'eve/shop', delivery: 'd1', message: expect.stringContaining('ignored') }]);
  });
});

/** The service of a test in place of the usual one, with another part of what surrounds its routes. */
async function startInstead(surroundings: Partial<ServiceContext>): Promise<void> {
  await started.close();
  started = await startService({
    ...createService(portsForRoutes()),
    routes: (router, context) => {
      createService(portsForRoutes()).routes?.(router, { ...context, ...surroundings });
    },
  });
}

/** Sends bytes as they are, `chunk` again and again, until the server has closed the connection; returns what it said. */
function sendRaw(head: string, chunk: string | null = null): Promise<string> {
  const { hostname, port } = new URL(started.url);
  return new Promise((resolve) => {
    let said = '';
    const socket = connect(Number(port), hostname);
    // Again and again, until the other side takes no more for now.
    const pump = (): void => {
      if (chunk === null || socket.destroyed) return;
      for (let takes = true; takes;) takes = socket.write(chunk);
    };
    socket.on('drain', pump);
    socket.on('data', (data) => {
      said += data.toString();
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(said));
    socket.write(head);
    pump();
  });
}
