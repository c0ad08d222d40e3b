import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startHttpFake, type HttpFake } from '@orchestra/testkit';
import { orchestra } from '../fake-console.fixture.ts';

let api: HttpFake;
const environment = () => ({ ORCHESTRA_URL: api.url, ORCHESTRA_TOKEN: 't1' });

beforeEach(async () => {
  api = await startHttpFake(() => ({ status: 202, body: { commandId: 'c1', addressee: 'gitops' } }));
});

afterEach(() => api.close());

describe('an order', () => {
  it.each([
    {
      args: ['cancel', 'acme/shop#3', '--reason', 'wrong branch'],
      path: '/runs/acme%2Fshop%233/cancel',
      body: { reason: 'wrong branch' },
    },
    { args: ['retry', 'run-1', 'test'], path: '/runs/run-1/retry', body: { unit: 'test', force: false } },
    { args: ['retry', 'run-1', '--force'], path: '/runs/run-1/retry', body: { force: true } },
    { args: ['run', 'run-1', '--note', 'again'], path: '/runs/run-1/run', body: { reason: 'again' } },
    {
      args: ['promote', 'acme/shop#3', 'production', '--note', 'the older one'],
      path: '/runs/acme%2Fshop%233/promote',
      body: { environment: 'production', reason: 'the older one' },
    },
    {
      args: ['rollback', 'acme/shop', 'production', 'web app', '--reason', 'slow', '--release', 'r2'],
      path: '/targets/acme%2Fshop/production/web%20app/rollback',
      body: { reason: 'slow', release: 'r2' },
    },
    {
      args: ['resolve', 'acme/shop', 'production', 'web app', '--reason', 'it serves'],
      path: '/targets/acme%2Fshop/production/web%20app/resolve',
      body: { reason: 'it serves' },
    },
    {
      args: ['destroy', 'acme/shop', 'pre view', '--note', 'over'],
      path: '/infrastructure/acme%2Fshop/pre%20view/destroy',
      body: { reason: 'over' },
    },
  ])('is sent for $args', async ({ args, path, body }) => {
    const ran = await orchestra(args, environment());

    expect(api.seen).toMatchObject([{ method: 'POST', path: `/api/v1${path}` }]);
    expect(JSON.parse(api.seen[0]?.body ?? '')).toEqual(body);
    expect(ran).toMatchObject({ code: 0, data: 'c1\n' });
    expect(ran.progress).toContain('Kept for gitops, which decides.');
  });

  it.each([
    ['cancel', 'r'],
    ['retry', 'r', 'u'],
    ['rollback', 'a/b', 'e', 's'],
    ['resolve', 'a/b', 'e', 's'],
    ['promote', 'r', 'e'],
    ['destroy', 'a/b', 'e'],
    ['run', 'r'],
  ])('prints its id as one JSON document: %s', async (...args) => {
    const ran = await orchestra([...args, '--json'], environment());

    expect(JSON.parse(ran.data)).toEqual({ commandId: 'c1', addressee: 'gitops' });
  });

  it('that is refused ends with 1 and says why', async () => {
    api.next.push({ status: 400, body: { code: 'REQUEST_INVALID', message: 'The run has ended' } });

    const ran = await orchestra(['cancel', 'run-1'], environment());

    expect(ran).toMatchObject({ code: 1, data: '' });
    expect(ran.progress).toContain('The run has ended');
  });
});
