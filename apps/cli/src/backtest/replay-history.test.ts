import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startHttpFake, type HttpFake } from '@orchestra/testkit';
import { orchestra, type Ran } from '../fake-console.fixture.ts';

const policy = `
project: {name: shop}
observability:
  thresholds: {error_rate_percent: 5}
  release_watch_seconds: 300
`;
const named = ['--repository', 'acme/shop', '--service', 'web'];
let api: HttpFake;

beforeEach(async () => {
  api = await startHttpFake(() => ({ status: 200, body: { samples: [] } }));
});
afterEach(() => api.close());

/** A sample every minute, as the platform keeps them. */
function kept(release: string, startsAt: string, errors: readonly number[]) {
  return errors.map((error_ratio, index) => {
    const at = new Date(Date.parse(startsAt) + index * 60_000).toISOString();
    return { at, release, values: { error_ratio } };
  });
}

const samples = [
  ...kept('r1', '2026-01-01T10:00:00Z', [0, 0.01, 0, 0.01, 0, 0, 0]),
  ...kept('r2', '2026-01-01T12:00:00Z', [0, 0.2, 0.3, 0.4, 0.4]),
];

async function backtest(more: readonly string[]): Promise<Ran> {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'backtest-history-'));
  const file = join(folder.path, 'policy.yaml');
  await writeFile(file, policy);
  const args = ['backtest', '--policy', file, '--data', folder.path, ...more];
  return await orchestra(args, { ORCHESTRA_URL: api.url, ORCHESTRA_TOKEN: 't1' });
}

describe('orchestra backtest without a recording', () => {
  it('says what would have been rolled back of what the platform has kept, and when', async () => {
    api.next.push({ status: 200, body: { samples } });

    const ran = await backtest([...named, '--end', '2026-01-02T00:00:00Z']);

    expect(api.seen.map(({ path }) => path)).toEqual([
      '/api/v1/targets/acme%2Fshop/production/web/samples?from=2025-12-17T00%3A00%3A00.000Z&to=2026-01-02T00%3A00%3A00.000Z',
    ]);
    expect(ran).toEqual({
      code: 0,
      data: [
        'r1: healthy at 2026-01-01T10:05:00.000Z, after 5 min 00 s and 6 samples: within thresholds',
        'r2: rolled back at 2026-01-01T12:03:00.000Z, after 3 min 00 s and 4 samples: error_ratio is 0.4, over 0.05, compared with 0.00286',
        '',
      ].join('\n'),
      progress: '2 releases: 1 rolled back, 1 healthy, 0 neither\n',
    });
  });

  it('tells only of releases that began in the range', async () => {
    api.next.push({ status: 200, body: { samples } });

    const ran = await backtest([...named, '--start', '2026-01-01T11:00:00Z', '--json']);

    expect(JSON.parse(ran.data)).toMatchObject({ releases: [{ release: 'r2', verdict: 'rolled_back' }] });
  });

  it('says what is kept where nothing began in the range', async () => {
    api.next.push({ status: 200, body: { samples } });

    const ran = await backtest([...named, '--start', '2026-01-01T13:00:00Z', '--end', '2026-01-01T14:00:00Z']);

    expect(ran.code).toBe(1);
    expect(ran.progress).toContain('between 2026-01-01T13:00:00.000Z and 2026-01-01T14:00:00.000Z');
    expect(ran.progress).toContain('r2 since 2026-01-01T12:00:00.000Z');
  });

  it('says what was released, where it asked and how to come by samples where none are kept', async () => {
    const targets = [{ key: 'acme/shop/production/shop' }];
    api.next.push({ status: 200, body: { samples: [] } }, { status: 200, body: { targets } });

    const ran = await backtest(named);

    expect(ran.code).toBe(1);
    expect(ran.progress).toContain(api.url);
    expect(ran.progress).toContain('released were acme/shop/production/shop');
    expect(ran.progress).toContain('write such a baseline');
  });

  it('needs to know what to ask for', async () => {
    const ran = await backtest(['--service', 'web']);

    expect(ran.progress).toContain('--repository');
    expect(api.seen).toEqual([]);
  });
});
