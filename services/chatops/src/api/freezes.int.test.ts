import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually, startService, type StartedService } from '@orchestra/testkit';
import { portsForTests } from '../ports-for-tests.fixture.ts';
import { createService } from '../service.ts';

let started: StartedService;

beforeEach(async () => {
  started = await startService(createService(portsForTests()));
});

afterEach(() => started.close());

async function ask(path: string, body?: object): Promise<{ status: number; answer: unknown }> {
  const response = await fetch(`${started.url}/api/v1${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: 'Bearer admin-token', 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, answer: await response.json() };
}

async function audited(count: number) {
  return eventually({
    see: () => started.backends.store.readAudit(10),
    until: (entries) => entries.length >= count,
  });
}

describe('freezes', () => {
  it('are ordered for one repository or for all, with a note and an end', async () => {
    const until = '2099-01-04T08:00:00.000Z';

    const one = await ask('/freezes', { environment: 'production', repository: 'acme/shop', until, note: 'Christmas' });
    const all = await ask('/freezes/end', { environment: 'production' });

    expect([one, all]).toMatchObject([
      { status: 202, answer: { addressee: 'deploy' } },
      { status: 202, answer: { addressee: 'deploy' } },
    ]);
    expect(await audited(2)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ action: 'freeze', repository: 'acme/shop', until, reason: 'Christmas' }),
        expect.objectContaining({ action: 'unfreeze', repository: '*', environment: 'production' }),
      ]),
    );
  });

  it.each([
    { environment: 'production' },
    { environment: 'production', note: 'n', until: '2001-01-01T00:00:00Z' },
    { environment: 'Production!', note: 'n' },
  ])('are refused as %j', async (body) => {
    expect(await ask('/freezes', body)).toMatchObject({ status: 400 });
  });

  it('are listed: none', async () => {
    expect(await ask('/freezes?repository=acme/shop')).toEqual({ status: 200, answer: { freezes: [], waiting: [] } });
  });
});
