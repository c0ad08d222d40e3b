import { describe, expect, it } from '@jest/globals';
import { createTarget, parsePipelineFile, parseTarget, type RunState, type Target } from '@orchestra/contracts';
import type { TargetWrite } from '@orchestra/runtime';
import { aContext, createFakeFlags } from '@orchestra/testkit';
import { decideRetirement } from './decide-step.ts';
import type { Ports } from './ports.ts';
import { createService } from './service.ts';

const place = { repository: 'acme/shop', environment: 'production', service: 'web' };
const source: NonNullable<RunState['slices']['gitops']['source']> = {
  planDigest: 'sha256:p',
  snapshotDigest: 'sha256:source',
  baseCommit: null,
  changedFiles: null,
  problems: [],
  warnings: [],
  licenses: [],
};
const parsed = parsePipelineFile(`
project: { name: shop, language: javascript }
deployment:
  environments: [production]
  strategy: feature_flag
  steps: [20]
  services:
    - { name: web, command: node main.mjs, port: 4001, flag: checkout-v2 }
`);
if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join('; '));
const { plan } = parsed;

/** A target in which a release serves, of this flag or without one. */
function serving(flag?: string): Target {
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
  const state = { target: before, version: 1 };
  const flags = createFakeFlags();
  const world = { epoch: 1, url: 'http://127.0.0.1:4001', releases: [] };
  const releases: Ports['releases'] = {
    notes: async () => [],
    demandSandbox: async () => {},
    look: async () => world,
    claim: async () => world,
    bringUp: async ({ startable }) => {
      done.push(`up ${startable.release}`);
      return world;
    },
    share: async ({ weights }) => {
      done.push(`share ${JSON.stringify(weights)}`);
      return world;
    },
    retire: async () => {},
    giveBack: async ({ to }) => {
      done.push(`back to ${to.release}`);
      return world;
    },
    tend: async () => {},
  };
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
      run: { runId: 'run-1', sequence: 2, repository: 'acme/shop', slices: { ...slices, gitops: { source } } },
      wishes: wished
        ? [{ wish: 'cancel', generation: 1, units: null, reason: 'x', actor: null, at: '2026-01-01T00:00:00Z' }]
        : [],
      store: {
        readTarget: async (key) =>
          key.endsWith('/web') ? { key, version: state.version, target: JSON.stringify(state.target) } : null,
        readQuarantine: async () => [],
        readAnswer: async () => null,
      },
      changeTarget: async ({ target }: TargetWrite) => {
        state.target = parseTarget(JSON.stringify(target));
        state.version += 1;
        return 'finished' as const;
      },
    });
  return { done, state, begin: async (wished?: boolean) => service.gate?.handle(context(wished)) };
}

describe('a release behind a feature flag', () => {
  it('is dark at first: all of the traffic, the flag on for nobody', async () => {
    const { done, state, begin } = givenRelease(serving());

    const result = await begin();

    expect(done).toEqual(['up r2', 'share {"r2":100}', 'flag 0']);
    expect(state.target.lane).toMatchObject({ weights: [0, 20, 100], manifest: { flag: 'checkout-v2' } });
    expect(result).toMatchObject({
      message: 'r2 serves, its flag checkout-v2 is on for 0 % of the users, step 1 of 3',
    });
  });

  it('comes in one step where what serves has the same flag, which stays on', async () => {
    const { done, state, begin } = givenRelease(serving('checkout-v2'));

    await begin();

    expect(state.target.lane?.weights).toEqual([100]);
    expect(done).toEqual(['up r2', 'share {"r2":100}', 'flag 100']);
  });

  it('goes back by its flag first', async () => {
    const { done, begin } = givenRelease(serving());
    await begin();

    await begin(true);

    expect(done.slice(3)).toEqual(['flag 0', 'back to r1']);
  });

  it('goes back although nobody answers for the flag', async () => {
    const { done, state, begin } = givenRelease(serving());
    await begin();
    const broken = givenRelease(state.target, { change: () => Promise.reject(new Error('away')) });

    await broken.begin(true);

    expect(done).toContain('flag 0');
    expect(broken.done).toEqual(['back to r1']);
  });

  it('is refused before anything is changed where nothing keeps flags', async () => {
    const { done, begin } = givenRelease(serving(), 'none');

    expect(await begin()).toMatchObject({ kind: 'end', status: 'failure', reason: 'no_flags' });
    expect(done).toEqual([]);
  });

  it('leaves the release before it up, for the way back', async () => {
    const { state, begin } = givenRelease(serving());
    await begin();

    const { lane } = state.target;
    expect(lane === null ? null : decideRetirement(lane, ['r0', 'r1', 'r2'])).toEqual(['r0']);
  });
});
