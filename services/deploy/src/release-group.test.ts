import { describe, expect, it } from '@jest/globals';
import { createTarget, judgeRelease, targetKey, type Target, type UnitState } from '@orchestra/contracts';
import { aContext, aPlan } from '@orchestra/testkit';
import { anObligingWorld } from './a-world.fixture.ts';
import { aSource } from './given-rollout.fixture.ts';
import { keepTargets } from './kept-target.fixture.ts';
import { moved, place, released } from './released.fixture.ts';
import { createService } from './service.ts';

const plan = aPlan(`
deployment:
  environments: [production]
  strategy: immediate
  services:
    - { name: web, command: node web.mjs, port: 4001, depends_on: [api] }
    - { name: api, command: node api.mjs, port: 4002 }
`);
const api = { ...place, service: 'api' };

/** What `api` has after this run has released it. */
function releasedApi(): Target {
  return released(createTarget(api), { strategy: 'immediate' });
}

/** The gate of `web` has opened; `api` is where it was. */
async function beginWeb(before: Target | null, status: UnitState['status'] = 'running') {
  const kept = keepTargets(before === null ? {} : { [targetKey(api)]: before });
  const unit: UnitState = {
    generation: 1,
    status,
    reason: null,
    message: null,
    at: '',
    startedAt: null,
    endedAt: null,
  };
  const { slices } = aContext('deploy').run;
  const context = aContext('deploy', {
    plan,
    job: { unit: 'deploy/production/web' },
    run: {
      runId: 'run-1',
      slices: { ...slices, gitops: { source: aSource() } },
      units: { 'deploy/production/api': unit },
    },
    store: { ...kept.store, readAnswer: async () => null },
    changeTarget: kept.changeTarget,
  });
  const result = await createService({ releases: anObligingWorld() }).gate?.handle(context);
  return { result, laneOf: (key: string) => kept.targetOf(key).lane };
}

describe('a member of a release group', () => {
  it('waits until what it depends on is healthy', async () => {
    const { result } = await beginWeb(null);

    expect(result).toMatchObject({
      kind: 'park',
      reason: 'release_group',
      message: 'Waits for api to be healthy, which it depends on',
      answerKey: 'group/deploy/production/web/api/1',
    });
  });

  it('moves once that serves', async () => {
    const { result, laneOf } = await beginWeb(releasedApi());

    expect(result).toMatchObject({ kind: 'end', reason: 'judging' });
    expect(laneOf('acme/shop/production/web')).toMatchObject({ runId: 'run-1' });
  });

  it('waits as long as a rollback has what it depends on', async () => {
    const target = releasedApi();
    const seized = { cause: 'c', from: 'r1', to: 'r0', runId: 'run-1', jobId: 'j', reason: 'x', byPerson: false };
    const seizure = { ...seized, epoch: target.epoch + 1, at: '2026-01-01T00:00:00Z', ousted: null };

    const { result } = await beginWeb({ ...target, epoch: target.epoch + 1, seizure });

    expect(result).toMatchObject({ kind: 'park', reason: 'release_group' });
  });

  it.each([
    { what: 'failed', api: null, status: 'failure' as const },
    {
      what: 'serves and is bad',
      api: moved(judgeRelease(releasedApi(), { release: 'r1', health: 'bad', checks: [] })),
      status: 'running' as const,
    },
  ])('is skipped when what it depends on $what', async ({ api: before, status }) => {
    const { result } = await beginWeb(before, status);

    expect(result).toMatchObject({
      kind: 'end',
      status: 'skipped',
      reason: 'dependency_failed',
      message: 'api, which it depends on, is not healthy',
    });
  });
});
