import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { digestToken } from '@orchestra/runtime';
import { startService, type StartedService } from '@orchestra/testkit';
import { portsForRoutes } from './ports-for-routes.fixture.ts';
import { createService } from './service.ts';

let started: StartedService;

beforeEach(async () => {
  started = await startService(createService(portsForRoutes()));
});

afterEach(() => started.close());

async function runs(): Promise<number> {
  return (await started.backends.store.listRuns({ repository: null, limit: 100, before: null })).length;
}

describe('POST /trigger', () => {
  const body = { repository: 'acme/shop', branch: 'main', commit_hash: 'a'.repeat(40), environment: 'staging' };

  async function trigger(change: object, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${started.url}/trigger`, {
      method: 'POST',
      body: JSON.stringify({ ...body, ...change }),
      headers: { 'content-type': 'application/json', authorization: 'Bearer t1', ...headers },
    });
  }

  it('starts a run that reaches only the named environment, and says who asked', async () => {
    const response = await trigger({ author: 'Grace', metadata: { ticket: 'OPS-1' } });

    const { runId } = (await response.json()) as { runId: string };
    expect(response.status).toBe(202);
    expect(response.headers.get('location')).toBe(`/api/v1/runs/${runId}`);
    expect(await started.backends.store.readRun(runId)).toMatchObject({
      trigger: 'MANUAL',
      author: 'Grace',
      environmentLimit: 'staging',
      metadata: { ticket: 'OPS-1' },
    });
    expect(await started.backends.store.readAudit(10)).toMatchObject([
      { actor: 'ada', action: 'trigger', outcome: 'accepted', runId },
    ]);
  });

  it('makes one run of one Idempotency-Key, and refuses the key for another request', async () => {
    const key = { 'idempotency-key': 'deploy-42' };
    const first = await trigger({}, key);
    const second = await trigger({}, key);
    const other = await trigger({ commit_hash: 'c'.repeat(40) }, key);

    expect([first.status, second.status, other.status]).toEqual([202, 200, 400]);
    expect(await runs()).toBe(1);
  });

  it('makes a run of the same commit as often as it is asked without a key', async () => {
    expect([(await trigger({})).status, (await trigger({})).status]).toEqual([202, 202]);
    expect(await runs()).toBe(2);
  });

  it.each(['file:///srv/git/shop.git', '/srv/git/shop'])('knows the repository by %s too', async (repository) => {
    expect((await trigger({ repository })).status).toBe(202);
  });

  it.each([
    { what: 'no token', headers: { authorization: '' }, status: 401 },
    { what: 'a wrong token', headers: { authorization: 'Bearer t3' }, status: 401 },
    { what: 'a hash instead of the token', headers: { authorization: `Bearer ${digestToken('t1')}` }, status: 401 },
    { what: 'a token that may only look', headers: { authorization: 'Bearer t2' }, status: 403 },
    { what: 'a key with control characters', headers: { 'idempotency-key': 'a b' }, status: 400 },
  ])('answers $status to $what', async ({ headers, status }) => {
    const response = await trigger({}, headers);

    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ code: expect.any(String), message: expect.any(String) });
    expect(await runs()).toBe(0);
  });

  it('tells in the audit log what a known token was refused, and of nobody else', async () => {
    await trigger({}, { authorization: 'Bearer t3' });
    await trigger({}, { authorization: 'Bearer t2' });
    await trigger({ commit_hash: 'short' });
    await trigger({ repository: 'acme/other' });

    const told = await started.backends.store.readAudit(10);
    expect(told.map(({ actor, outcome, commit }) => [actor, outcome, commit])).toEqual([
      ['ada', 'repository_not_allowed', body.commit_hash],
      ['ada', 'request_invalid', ''],
      ['bob', 'not_permitted', ''],
    ]);
  });

  it.each([
    { what: 'another repository', change: { repository: 'eve/shop' }, status: 403 },
    { what: 'another place', change: { repository: 'https://evil.example/acme/shop.git' }, status: 403 },
    { what: 'a branch instead of a commit', change: { commit_hash: 'main' }, status: 400 },
    { what: 'an option as commit', change: { commit_hash: '--upload-pack=x' }, status: 400 },
    { what: 'a line break in the branch', change: { branch: 'a\nb' }, status: 400 },
    { what: 'an unknown key', change: { clone_url: 'https://evil.example' }, status: 400 },
    { what: 'nested metadata', change: { metadata: { a: {} } }, status: 400 },
  ])('answers $status to $what', async ({ change, status }) => {
    expect((await trigger(change)).status).toBe(status);
    expect(await runs()).toBe(0);
  });
});
