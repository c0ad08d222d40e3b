import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startHttpFake, type HttpFake } from '@orchestra/testkit';
import { orchestra } from '../fake-console.fixture.ts';

let api: HttpFake;
const explanation = {
  about: 'test',
  steps: [{ id: 'e1', what: 'test_results' }],
  text: 'Run 3 is failure\n  3:1 \u001B[2J',
};
const environment = () => ({ ORCHESTRA_URL: api.url, ORCHESTRA_TOKEN: 't1' });

beforeEach(async () => {
  api = await startHttpFake(() => ({ status: 200, body: explanation }));
});

afterEach(() => api.close());

describe('orchestra why', () => {
  it('prints the explanation of the platform, without control characters', async () => {
    const ran = await orchestra(['why', 'acme/shop#3'], environment());

    expect(api.seen.map(({ path }) => path)).toEqual(['/api/v1/runs/acme%2Fshop%233/why']);
    expect(ran).toEqual({ code: 0, data: 'Run 3 is failure\n  3:1 \uFFFD[2J\n', progress: '' });
  });

  it('prints the chain as one JSON document', async () => {
    const ran = await orchestra(['why', 'run-1', '--json'], environment());

    expect(JSON.parse(ran.data)).toEqual(explanation);
  });
});
