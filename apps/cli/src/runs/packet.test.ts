import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startHttpFake, type HttpFake } from '@orchestra/testkit';
import { orchestra } from '../fake-console.fixture.ts';

let api: HttpFake;
const environment = () => ({ ORCHESTRA_URL: api.url, ORCHESTRA_TOKEN: 't1' });
const packets = [{ target: 'production/web', packet: { form: 1 }, markdown: '# Rolled back\n' }];

beforeEach(async () => {
  api = await startHttpFake(() => ({ status: 200, body: { packets } }));
});

afterEach(() => api.close());

describe('orchestra packet', () => {
  it('prints the packet for people', async () => {
    const ran = await orchestra(['packet', 'acme/shop#3', '--target', 'production/web'], environment());

    expect(api.seen).toMatchObject([{ path: '/api/v1/runs/acme%2Fshop%233/rollback-packet?target=production%2Fweb' }]);
    expect(ran).toMatchObject({ code: 0, data: '# Rolled back\n' });
  });

  it('prints one JSON document for programs', async () => {
    const ran = await orchestra(['packet', 'run-1', '--json'], environment());

    expect(JSON.parse(ran.data)).toEqual({ packets });
  });
});
