import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startHttpFake, type HttpFake } from '@orchestra/testkit';
import { orchestra } from '../fake-console.fixture.ts';
import { aShownRun, aUnit } from '../shown-run.fixture.ts';

let api: HttpFake;
const environment = () => ({ ORCHESTRA_URL: `${api.url}/`, ORCHESTRA_TOKEN: 't1' });

beforeEach(async () => {
  const failed = aShownRun({
    sequence: 2,
    branch: null,
    ref: 'refs/tags/v1\u001B[2J',
    units: { test: aUnit({ status: 'failure' }) },
  });
  api = await startHttpFake(() => ({ status: 200, body: { runs: [aShownRun(), failed], next: null } }));
});

afterEach(() => api.close());

describe('orchestra runs', () => {
  it('prints a line for each run, with the name that other commands take', async () => {
    const ran = await orchestra(['runs'], environment());

    const [head, first, second] = ran.data.split('\n');
    expect(head).toMatch(/^RUN +BRANCH +COMMIT +STATUS +AGE +BECAUSE$/);
    expect(first).toMatch(/^acme\/shop#3 {2}main +aaaaaaaaaa {2}success +\d+ d$/);
    expect(second).toMatch(/^acme\/shop#2 {2}refs\/tags\/v1\uFFFD\[2J +aaaaaaaaaa {2}failure +\d+ d +test: failure$/);
    expect(ran).toMatchObject({ code: 0, progress: '' });
  });

  it('asks for what the options say, as the command line and with its token', async () => {
    await orchestra(
      ['runs', '--repository', 'acme/shop', '--branch', 'a b', '--status', 'failure', '--limit', '5'],
      environment(),
    );

    expect(api.seen).toMatchObject([
      {
        path: '/api/v1/runs?limit=5&repository=acme%2Fshop&branch=a+b&status=failure',
        headers: { authorization: 'Bearer t1', 'x-orchestra-client': 'cli' },
      },
    ]);
  });

  it('prints the answer as one JSON document', async () => {
    const ran = await orchestra(['runs', '--json'], environment());

    expect(JSON.parse(ran.data)).toMatchObject({
      runs: [{ run: { sequence: 3 } }, { run: { sequence: 2 } }],
      next: null,
    });
  });

  it('prints no data where there are no runs', async () => {
    api.next.push({ status: 200, body: { runs: [], next: null } });

    expect(await orchestra(['runs'], environment())).toEqual({ code: 0, data: '', progress: 'No runs.\n' });
  });

  it.each(['0', '101', 'many', '1e2'])('refuses the limit %s', async (limit) => {
    const ran = await orchestra(['runs', '--limit', limit], environment());

    expect(ran).toMatchObject({ code: 1, data: '' });
    expect(api.seen).toEqual([]);
  });

  it('refuses a status that no run can have, and names those that there are', async () => {
    const ran = await orchestra(['runs', '--status', 'failed'], environment());

    expect(ran).toMatchObject({ code: 1, data: '', progress: expect.stringContaining('failure') });
    expect(api.seen).toEqual([]);
  });

  it.each([
    { what: 'a token that is not known', status: 401, code: 4 },
    { what: 'a token that may not', status: 403, code: 4 },
    { what: 'a platform that is not ready', status: 503, code: 5 },
    { what: 'a request that it does not understand', status: 400, code: 1 },
  ])('ends with $code for $what', async ({ status, code }) => {
    api.next.push({ status, body: { code: 'X', message: 'No\u001B[2J' } });

    expect(await orchestra(['runs'], environment())).toMatchObject({
      code,
      data: '',
      progress: expect.stringMatching(/^orchestra: No\uFFFD/),
    });
  });

  it('ends with 5 where nothing answers, and for an answer of something else', async () => {
    await api.close();
    const gone = await orchestra(['runs', '--json'], environment());
    api = await startHttpFake(() => ({ status: 200 }));
    const page = await orchestra(['runs'], { ORCHESTRA_URL: `${api.url}/nowhere`, ORCHESTRA_TOKEN: 't1' });

    expect(gone.code).toBe(5);
    expect(JSON.parse(gone.data)).toMatchObject({ code: 'SERVER_UNREACHABLE' });
    expect(page.code).not.toBe(0);
  });

  it.each([
    [{}, 5],
    [{ ORCHESTRA_URL: 'http://127.0.0.1:1' }, 4],
  ])('says what is missing where neither the environment %j nor the folder names a platform', async (given, code) => {
    const ran = await orchestra(['runs', '--data', '/nowhere/at-all'], given);

    expect(ran).toMatchObject({ code, data: '' });
    expect(ran.progress).toContain('set ORCHESTRA_');
  });
});
