import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { RunState } from '@orchestra/contracts';
import { startHttpFake, type FakeAnswer, type HttpFake } from '@orchestra/testkit';
import { orchestra } from '../fake-console.fixture.ts';
import { aShownRun, aUnit, noSlices } from '../shown-run.fixture.ts';

const commit = 'c'.repeat(40);
const args = ['trigger', 'acme/shop', '--branch', 'main', '--commit', commit];
let api: HttpFake;
/** What the run looks like, one look after the other; the last one stays. */
let looks: Partial<RunState>[];

const environment = () => ({ ORCHESTRA_URL: api.url, ORCHESTRA_TOKEN: 't1', ORCHESTRA_TRIGGER_TOKEN: 't2' });

beforeEach(async () => {
  looks = [{}];
  api = await startHttpFake(({ path }): FakeAnswer => {
    if (path === '/trigger') return { status: 202, body: { runId: 'run-1', duplicate: false } };
    const look = looks.length > 1 ? looks.shift() : looks[0];
    return { status: 200, body: aShownRun(look) };
  });
});

afterEach(() => api.close());

describe('orchestra trigger', () => {
  it('prints the id of the run that it began', async () => {
    const ran = await orchestra(args, environment());

    expect(ran).toEqual({ code: 0, data: 'run-1\n', progress: '' });
    expect(api.seen).toMatchObject([{ method: 'POST', path: '/trigger', headers: { authorization: 'Bearer t2' } }]);
    expect(JSON.parse(api.seen[0]?.body ?? '')).toEqual({
      repository: 'acme/shop',
      branch: 'main',
      commit_hash: commit,
      metadata: {},
    });
  });

  it('sends what else is asked for, under the given key', async () => {
    const more = ['--environment', 'staging', '--author', 'Grace', '--metadata', 'ticket=OPS=1', '--metadata', 'a='];

    await orchestra([...args, ...more, '--key', 'k1'], environment());

    expect(api.seen).toMatchObject([{ headers: { 'idempotency-key': 'k1' } }]);
    expect(JSON.parse(api.seen[0]?.body ?? '')).toMatchObject({
      environment: 'staging',
      author: 'Grace',
      metadata: { ticket: 'OPS=1', a: '' },
    });
  });

  it('has a key of its own without one, a new one each time', async () => {
    await orchestra(args, environment());
    await orchestra(args, environment());

    const keys = api.seen.map(({ headers }) => headers['idempotency-key']);
    expect(keys).toEqual([expect.any(String), expect.any(String)]);
    expect(keys[0]).not.toBe(keys[1]);
  });

  it('takes the token of the data folder, and the address of gitops where it has one', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'orchestra-'));
    const credentials = { apiToken: 'a'.repeat(32), webhookSecret: 'w'.repeat(32), triggerToken: 't'.repeat(32) };
    await writeFile(join(folder.path, 'credentials.json'), JSON.stringify(credentials));

    const named = { ORCHESTRA_TRIGGER_URL: api.url, ORCHESTRA_URL: 'http://127.0.0.1:1' };
    const ran = await orchestra([...args, '--data', folder.path], named);

    expect(ran.code).toBe(0);
    expect(api.seen).toMatchObject([{ headers: { authorization: `Bearer ${'t'.repeat(32)}` } }]);
  });

  it.each([
    { what: 'no commit', given: ['trigger', 'acme/shop', '--branch', 'main'], says: '--commit' },
    { what: 'no branch', given: ['trigger', 'acme/shop', '--commit', commit], says: '--branch' },
    { what: 'a short commit', given: [...args, '--commit', 'c0ffee'], says: 'git rev-parse' },
    { what: 'metadata without a key', given: [...args, '--metadata', '=x'], says: 'key=value' },
  ])('refuses $what before anything is sent', async ({ given, says }) => {
    const ran = await orchestra(given, environment());

    expect(ran).toMatchObject({ code: 1, data: '' });
    expect(ran.progress).toContain(says);
    expect(api.seen).toEqual([]);
  });

  it('ends with 4 without a token, and with 5 without an address', async () => {
    const noToken = await orchestra([...args, '--data', '/nowhere'], { ORCHESTRA_URL: api.url });
    const noAddress = await orchestra([...args, '--data', '/nowhere'], {});

    expect(noToken).toMatchObject({ code: 4, progress: expect.stringContaining('ORCHESTRA_TRIGGER_TOKEN') });
    expect(noAddress).toMatchObject({ code: 5, progress: expect.stringContaining('ORCHESTRA_URL') });
  });

  it('ends with 5 for an answer that names no run', async () => {
    api.next.push({ status: 200, body: {} });

    expect(await orchestra(args, environment())).toMatchObject({ code: 5, data: '' });
  });
});

describe('orchestra trigger --wait', () => {
  it('says how the units end, each once, and ends when the run has', async () => {
    const running = { endedAt: null, units: { build: aUnit(), test: aUnit({ status: 'running' }) } };
    looks = [running, running, { units: { build: aUnit(), test: aUnit() } }];

    const ran = await orchestra([...args, '--wait'], environment());

    expect(ran).toMatchObject({ code: 0, data: 'run-1\n' });
    expect(ran.progress).toMatch(/^build +success +1\.50 s\ntest +success +1\.50 s\nsuccess: all_units_passed\n$/);
  });

  it('waits on while the platform is started anew', async () => {
    const progress = orchestra([...args, '--wait'], environment());
    api.next.push({ status: 202, body: { runId: 'run-1', duplicate: true } }, { status: 503, body: {} });

    expect(await progress).toMatchObject({ code: 0, progress: expect.stringContaining('began that run before') });
  });

  it.each([
    { what: 'a failure', change: { units: { test: aUnit({ status: 'failure' as const }) } }, code: 1 },
    { what: 'an unknown outcome', change: { units: { test: aUnit({ status: 'unknown' as const }) } }, code: 1 },
    {
      what: 'a cancelled run',
      change: {
        units: { test: aUnit({ status: 'cancelled' as const }) },
        wishes: [{ wish: 'cancel' as const, generation: 1, units: null, reason: 'x', actor: null, at: '' }],
      },
      code: 2,
    },
    {
      what: 'an invalid pipeline file',
      change: {
        units: { gitops: aUnit({ status: 'failure' as const }) },
        slices: { ...noSlices, gitops: { source: invalidSource() } },
      },
      code: 3,
    },
  ])('ends with $code for $what', async ({ change, code }) => {
    looks = [change];

    const ran = await orchestra([...args, '--wait', '--json'], environment());

    expect(ran.code).toBe(code);
    const [first, second] = ran.data
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(first).toEqual({ runId: 'run-1', duplicate: false });
    expect(second).toMatchObject({ run: { runId: 'run-1' } });
  });

  it('begins no run that it could not wait for', async () => {
    const ran = await orchestra([...args, '--wait', '--data', '/nowhere'], {
      ORCHESTRA_URL: api.url,
      ORCHESTRA_TRIGGER_TOKEN: 't2',
    });

    expect(ran.code).toBe(4);
    expect(api.seen).toEqual([]);
  });
});

function invalidSource() {
  const problem = { path: 'x', line: 1, column: 1, message: 'Unknown', suggestion: null, frame: '' };
  const nothing = { planDigest: null, snapshotDigest: null, baseCommit: null, changedFiles: null };
  return { ...nothing, problems: [problem], warnings: [], licenses: [] };
}
