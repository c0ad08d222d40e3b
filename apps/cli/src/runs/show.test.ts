import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startHttpFake, type HttpFake } from '@orchestra/testkit';
import { orchestra } from '../fake-console.fixture.ts';
import { aShownRun, aUnit } from '../shown-run.fixture.ts';

let api: HttpFake;
const shown = aShownRun({ units: { test: aUnit({ status: 'failure', message: '\u001B[2Jred' }) } });
const environment = () => ({ ORCHESTRA_URL: api.url, ORCHESTRA_TOKEN: 't1' });

beforeEach(async () => {
  api = await startHttpFake(() => ({ status: 200, body: shown }));
});

afterEach(() => api.close());

describe('orchestra show', () => {
  it('asks for the run by its name, and shows it without control characters', async () => {
    const ran = await orchestra(['show', 'acme/shop#3'], environment());

    expect(api.seen.map(({ path }) => path)).toEqual(['/api/v1/runs/acme%2Fshop%233']);
    expect(ran.data).toMatch(/^acme\/shop#3 {2}failure: test: failure\nmain /);
    expect(ran.data).toMatch(/^test +failure +1\.50 s +\uFFFD\[2Jred$/m);
    expect(ran).toMatchObject({ code: 0, progress: '' });
  });

  it('prints the run as it came, as one JSON document', async () => {
    const ran = await orchestra(['show', 'run-1', '--json'], environment());

    expect(JSON.parse(ran.data)).toEqual(shown);
  });

  it('ends with 1 for a run that is not there', async () => {
    api.next.push({ status: 404, body: { code: 'NOT_FOUND', message: 'No such run' } });

    expect(await orchestra(['show', 'nope'], environment())).toEqual({
      code: 1,
      data: '',
      progress: 'orchestra: No such run\n',
    });
  });
});
