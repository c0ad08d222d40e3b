import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startHttpFake, type HttpFake } from '@orchestra/testkit';
import { orchestra } from '../fake-console.fixture.ts';

let api: HttpFake;
const environment = () => ({ ORCHESTRA_URL: api.url, ORCHESTRA_TOKEN: 't1' });

beforeEach(async () => {
  api = await startHttpFake(() => ({ status: 202, body: { commandId: 'c1', addressee: 'rollback' } }));
});

afterEach(() => api.close());

const breach = { metric: 'error_ratio', value: 0.2, threshold: 0.05, baseline: 0.01 };
const entry = { repository: 'acme/shop', key: 'sha256:2', runId: 'run-2', release: 'r2', alertId: 'a1', at: 'then' };

describe('orchestra quarantine', () => {
  it('lists what does not serve again, what was measured, and what was let out with which note', async () => {
    const released = [{ key: 'sha256:1', actor: 'ada', at: 'later', note: 'the load test was wrong' }];
    const quarantine = [{ ...entry, reason: 'threshold_breached', breach }];
    api.next.push({ status: 200, body: { quarantine, released } });

    const ran = await orchestra(['quarantine', 'list', 'acme/shop'], environment());

    expect(api.seen).toMatchObject([{ path: '/api/v1/quarantine?repository=acme%2Fshop' }]);
    expect(ran.data).toContain('sha256:2  r2       threshold_breached  error_ratio 0.2, threshold 0.05, before 0.01');
    expect(ran.progress).toContain('sha256:1 was let out by ada at later: the load test was wrong');
  });

  it('says that nothing is in quarantine', async () => {
    api.next.push({ status: 200, body: { quarantine: [], released: [] } });

    expect(await orchestra(['quarantine', 'list', 'acme/shop'], environment())).toMatchObject({ code: 0, data: '' });
  });

  it('lets a version out with a note', async () => {
    const ran = await orchestra(['quarantine', 'release', 'acme/shop', 'sha256:2', '--note', 'looked'], environment());

    expect(api.seen).toMatchObject([{ method: 'POST', path: '/api/v1/quarantine/release' }]);
    expect(JSON.parse(api.seen[0]?.body ?? '')).toEqual({ repository: 'acme/shop', key: 'sha256:2', reason: 'looked' });
    expect(ran).toMatchObject({ code: 0, data: 'c1\n' });
  });

  it('lets nothing out without a note', async () => {
    const ran = await orchestra(['quarantine', 'release', 'acme/shop', 'sha256:2'], environment());

    expect(ran.code).not.toBe(0);
    expect(api.seen).toEqual([]);
  });
});
