import { describe, expect, it } from '@jest/globals';
import { createTarget, type Target } from '@orchestra/contracts';
import { aContext, aPlan, createFakeFlags } from '@orchestra/testkit';
import { anObligingWorld, serving } from './a-world.fixture.ts';
import { decideRetirement } from './decide-step.ts';
import { aSource } from './given-rollout.fixture.ts';
import { keepTarget } from './kept-target.fixture.ts';
import type { Ports } from './ports.ts';
import { place } from './released.fixture.ts';
import { createService } from './service.ts';

const plan = aPlan(`
deployment:
  environments: [production]
  strategy: feature_flag
  steps: [20]
  services:
    - { name: web, command: node main.mjs, port: 4001, flag: checkout-v2 }
`);

/** A target in which a release serves, of this flag or without one. */
function servingBy(flag?: string): Target {
  const manifest = { artifactDigest: 'd', command: ['a'], env: {}, port: 1, replicas: 1, healthPath: '/' };
  const record = {
    runId: 'run-0',
    generation: 1,
    sequence: 1,
    release: 'r1',
    version: 'v',
    commit: 'c',
    manifest: { ...manifest, metricsPath: null, readyTimeoutMs: 1, ...(flag === undefined ? {} : { flag }) },
    health: 'healthy' as const,
    checks: [],
    epoch: 3,
    releasedAt: '2026-01-01T00:00:00Z',
    byPerson: false,
  };
  return { ...createTarget(place), epoch: 3, nextRelease: 2, current: 'r1', history: [record] };
}

function givenRelease(before: Target, keeper: Ports['flags'] | 'none' | null = null) {
  const done: string[] = [];
  const { state, store, changeTarget } = keepTarget(before);
  const flags = createFakeFlags();
  const releases = anObligingWorld({
    bringUp: async ({ startable }) => {
      done.push(`up ${startable.release}`);
      return serving;
    },
    share: async ({ weights }) => {
      done.push(`share ${JSON.stringify(weights)}`);
      return serving;
    },
    giveBack: async ({ to }) => {
      done.push(`back to ${to.release}`);
      return serving;
    },
  });
  const kept: Ports['flags'] = {
    change: async (change) => {
      await flags.change(change);
      done.push(`flag ${change.percent}`);
    },
  };
  const service = createService(keeper === 'none' ? { releases } : { releases, flags: keeper ?? kept });
  const { slices } = aContext('deploy').run;
  const context = (wished = false) =>
    aContext('deploy', {
      plan,
      job: { unit: 'deploy/production/web' },
      run: {
        runId: 'run-1',
        sequence: 2,
        repository: 'acme/shop',
        slices: { ...slices, gitops: { source: aSource() } },
      },
      wishes: wished
        ? [{ wish: 'cancel', generation: 1, units: null, reason: 'x', actor: null, at: '2026-01-01T00:00:00Z' }]
        : [],
      store: {
        ...store,
        readTarget: async (key) => (key.endsWith('/web') ? store.readTarget(key) : null),
        readAnswer: async () => null,
      },
      changeTarget,
    });
  return { done, state, begin: async (wished?: boolean) => service.gate?.handle(context(wished)) };
}

describe('a release behind a feature flag', () => {
  it('is dark at first: all of the traffic, the flag on for nobody', async () => {
    const { done, state, begin } = givenRelease(servingBy());

    const result = await begin();

    expect(done).toEqual(['up r2', 'share {"r2":100}', 'flag 0']);
    expect(state.target.lane).toMatchObject({ weights: [0, 20, 100], manifest: { flag: 'checkout-v2' } });
    expect(result).toMatchObject({
      message: 'r2 serves, its flag checkout-v2 is on for 0 % of the users, step 1 of 3',
    });
  });

  it('comes in one step where what serves has the same flag, which stays on', async () => {
    const { done, state, begin } = givenRelease(servingBy('checkout-v2'));

    await begin();

    expect(state.target.lane?.weights).toEqual([100]);
    expect(done).toEqual(['up r2', 'share {"r2":100}', 'flag 100']);
  });

  it('goes back by its flag first', async () => {
    const { done, begin } = givenRelease(servingBy());
    await begin();

    await begin(true);

    expect(done.slice(3)).toEqual(['flag 0', 'back to r1']);
  });

  it('goes back without its flag where what served before has the same', async () => {
    const { done, begin } = givenRelease(servingBy('checkout-v2'));
    await begin();

    await begin(true);

    expect(done.slice(3)).toEqual(['back to r1']);
  });

  it('goes back although nobody answers for the flag', async () => {
    const { done, state, begin } = givenRelease(servingBy());
    await begin();
    const broken = givenRelease(state.target, { change: () => Promise.reject(new Error('away')) });

    await broken.begin(true);

    expect(done).toContain('flag 0');
    expect(broken.done).toEqual(['back to r1']);
  });

  it('is refused before anything is changed where nothing keeps flags', async () => {
    const { done, begin } = givenRelease(servingBy(), 'none');

    expect(await begin()).toMatchObject({ kind: 'end', status: 'failure', reason: 'no_flags' });
    expect(done).toEqual([]);
  });

  it('leaves the release before it up, for the way back', async () => {
    const { state, begin } = givenRelease(servingBy());
    await begin();

    const { lane } = state.target;
    expect(lane === null ? null : decideRetirement(lane, ['r0', 'r1', 'r2'])).toEqual(['r0']);
  });
});
