import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startHttpFake, type HttpFake } from '@orchestra/testkit';
import { orchestra } from '../fake-console.fixture.ts';

let api: HttpFake;
const environment = () => ({ ORCHESTRA_URL: api.url, ORCHESTRA_TOKEN: 't1' });

beforeEach(async () => {
  api = await startHttpFake(() => ({ status: 202, body: { commandId: 'c1', addressee: 'deploy' } }));
});

afterEach(() => api.close());

describe('an order about what begins, and for how long it is watched', () => {
  it.each([
    {
      args: ['freeze', 'production', '--note', 'Christmas', '--until', '2027-01-04T08:00+01:00'],
      path: '/freezes',
      body: { environment: 'production', note: 'Christmas', until: '2027-01-04T07:00:00.000Z' },
    },
    {
      args: ['freeze', 'production', '--note', 'n', '--repository', 'acme/shop'],
      path: '/freezes',
      body: { environment: 'production', note: 'n', repository: 'acme/shop' },
    },
    { args: ['unfreeze', 'production'], path: '/freezes/end', body: { environment: 'production' } },
    {
      args: ['extend-watch', 'acme/shop#3', '--seconds', '90', '--unit', 'observe/production/shop'],
      path: '/runs/acme%2Fshop%233/extend-watch',
      body: { seconds: 90, unit: 'observe/production/shop' },
    },
  ])('is sent for $args', async ({ args, path, body }) => {
    const ran = await orchestra(args, environment());

    expect(api.seen).toMatchObject([{ method: 'POST', path: `/api/v1${path}` }]);
    expect(JSON.parse(api.seen[0]?.body ?? '')).toEqual(body);
    expect(ran).toMatchObject({ code: 0, data: 'c1\n' });
  });

  it.each([
    [['freeze', 'production']],
    [['freeze', 'production', '--note', 'n', '--until', 'monday']],
    [['extend-watch', 'r', '--seconds', 'many']],
  ])('is refused as %j', async (args) => {
    expect(await orchestra(args, environment())).toMatchObject({ code: 1, data: '' });
    expect(api.seen).toEqual([]);
  });
});

describe('orchestra freezes', () => {
  it('lists what is frozen until when, by whom and why, and who waits', async () => {
    const frozen = { repository: null, environment: 'production', until: null, note: 'Christmas', actor: 'ada' };
    const one = { repository: 'acme/shop', environment: 'production', service: 'web', sequence: 7, since: 'then' };
    api.next.push({ status: 200, body: { freezes: [frozen], waiting: [one] } });

    const ran = await orchestra(['freezes', '--repository', 'acme/shop'], environment());

    expect(api.seen).toMatchObject([{ path: '/api/v1/freezes?repository=acme%2Fshop' }]);
    expect(ran.data).toMatch(/production +all +unfrozen +ada +Christmas/);
    expect(ran.progress).toContain('acme/shop#7 waits with web for production since then');
  });

  it('says that nothing is frozen', async () => {
    api.next.push({ status: 200, body: { freezes: [], waiting: [] } });

    expect(await orchestra(['freezes'], environment())).toMatchObject({ code: 0, data: '' });
  });
});
