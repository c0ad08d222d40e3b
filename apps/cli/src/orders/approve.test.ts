import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { RunState, UnitState } from '@orchestra/contracts';
import { startHttpFake, type FakeAnswer, type HttpFake } from '@orchestra/testkit';
import { orchestra } from '../fake-console.fixture.ts';
import { aShownRun, noSlices } from '../shown-run.fixture.ts';

let api: HttpFake;
let run: Partial<RunState>;

const waiting = (reason: string, status: UnitState['status'] = 'waiting'): UnitState => ({
  generation: 1,
  status,
  reason,
  message: null,
  at: '2026-01-01T00:00:00.000Z',
  startedAt: null,
  endedAt: null,
});

const approval = {
  generation: 1,
  state: 'waiting' as const,
  digest: 'sha256:d',
  artifact: 'sha256:a',
  configuration: 'sha256:c',
  count: 1,
  approvers: [],
  groups: [],
  author: null,
  askedAt: '',
  until: '',
  approved: [],
  voided: [],
};
const rollout = { release: null, version: null, previousRelease: null, strategy: 'none', state: 'waiting', step: 0 };
const asking = { ...rollout, steps: 0, weightPercent: 0, epoch: 0, url: null, waitsFor: 'approval', approval };

beforeEach(async () => {
  run = {
    units: { 'deploy/production/a': waiting('approval'), 'deploy/production/b': waiting('approval') },
    slices: { ...noSlices, deploy: { 'production/a': asking, 'production/b': asking } },
  };
  api = await startHttpFake(({ method }): FakeAnswer => {
    if (method === 'GET') return { status: 200, body: aShownRun(run) };
    return { status: 202, body: { commandId: 'c1', addressee: 'deploy' } };
  });
});

afterEach(() => api.close());

function call(...args: string[]) {
  return orchestra(args, { ORCHESTRA_URL: api.url, ORCHESTRA_TOKEN: 't1' });
}

function sent() {
  const posted = api.seen.filter(({ method }) => method === 'POST');
  return posted.map(({ path, body }) => ({ path, body: JSON.parse(body) as unknown }));
}

describe('orchestra approve', () => {
  it('names the content that waits, once for all services of the environment', async () => {
    const ran = await call('approve', 'run-1', '--note', 'seen');

    expect(ran).toMatchObject({ code: 0, data: 'c1\n' });
    expect(ran.progress).toContain('sha256:d');
    expect(sent()).toEqual([
      {
        path: '/api/v1/runs/run-1/approve',
        body: { unit: 'deploy/production/b', digest: 'sha256:d', reason: 'seen' },
      },
    ]);
  });

  it('says no', async () => {
    await call('approve', 'run-1', '--environment', 'production', '--reject');

    expect(sent()).toMatchObject([{ path: '/api/v1/runs/run-1/reject', body: { digest: 'sha256:d' } }]);
  });

  it('sends nothing when nothing is asked there, or several things are', async () => {
    expect(await call('approve', 'run-1', '--environment', 'staging')).toMatchObject({
      code: 1,
      progress: expect.stringContaining('asks for nothing for staging'),
    });
    run = { ...run, units: { ...run.units, 'deploy/staging/a': waiting('health_unclear') } };
    expect(await call('approve', 'run-1')).toMatchObject({ code: 1, progress: expect.stringContaining('--unit') });
    expect(sent()).toEqual([]);
  });

  it('answers one unit that is named', async () => {
    await call('approve', 'run-1', '--unit', 'deploy/production/a');

    expect(sent()).toMatchObject([{ body: { unit: 'deploy/production/a', digest: 'sha256:d' } }]);
  });
});

describe('orchestra resolve of a run', () => {
  it.each([
    ['deploy/production/a', 'did-not-happen', 'did_not_happen'],
    ['rollback/production/a', 'happened', 'happened'],
  ])('says of %s what became of it: %s', async (unit, word, resolution) => {
    run = { units: { [unit]: waiting('target_blocked', 'unknown') } };

    await call('resolve', 'run-1', word, '--note', 'looked');

    expect(sent()).toEqual([
      { path: '/api/v1/runs/run-1/resolve', body: { unit: 'deploy/production/a', resolution, reason: 'looked' } },
    ]);
  });
});
