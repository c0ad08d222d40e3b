import { describe, expect, it } from '@jest/globals';
import { createTarget, type Target } from '@orchestra/contracts';
import { aContext, aPlan, aRun } from '@orchestra/testkit';
import type { Answer } from './answer.ts';
import { endWatch } from './end-watch.ts';
import type { Ports } from './ports.ts';

const place = { repository: 'acme/shop', environment: 'production', service: 'web' };
const manifest = {
  artifactDigest: 'sha256:a',
  command: ['node', 'main.mjs'],
  env: {},
  port: 4001,
  replicas: 1,
  healthPath: '/health',
  metricsPath: null,
  readyTimeoutMs: 1_000,
};
const record: Target['history'][number] = {
  runId: 'run-1',
  generation: 1,
  sequence: 1,
  release: 'r1',
  version: 'sha256:v',
  commit: 'c',
  manifest,
  health: 'watching',
  checks: [],
  epoch: 2,
  releasedAt: '2026-01-01T00:00:00.000Z',
  byPerson: false,
};
const target: Target = { ...createTarget(place), epoch: 2, current: 'r1', history: [record] };

const shown = {
  state: 'watching',
  release: 'r1',
  version: 'sha256:v',
  previousRelease: null,
  strategy: 'canary',
  step: 2,
  steps: 2,
  weightPercent: 100,
  epoch: 2,
  url: null,
  waitsFor: 'watch',
};

// The end of a watch touches nothing in the world.
const ports = { releases: {} } as Ports;

async function endWith(answer: Answer) {
  const context = aContext('deploy', {
    plan: aPlan(),
    job: { unit: 'deploy/production/web' },
    run: { repository: 'acme/shop', slices: { ...aRun().slices, deploy: { 'production/web': shown } } },
    store: {
      readTarget: async (key) => ({ key, version: 1, target: JSON.stringify(target) }),
      readAnswer: async () => JSON.stringify(answer),
    },
  });
  return endWatch({ release: 'r1' }, context, ports);
}

describe('the end of the watch over a release', () => {
  it.each([
    { verdict: 'HEALTHY' as const, reason: null, ended: 'watched', health: 'healthy', message: /is healthy/ },
    { verdict: 'HEALTHY' as const, reason: 'not_watched', ended: 'unwatched', health: 'unwatched', message: /nobody/ },
    {
      verdict: 'INCONCLUSIVE' as const,
      reason: 'not_watched',
      ended: 'unwatched',
      health: 'unwatched',
      message: /nobody/,
    },
    {
      verdict: 'INCONCLUSIVE' as const,
      reason: 'no_data',
      ended: 'released_unjudged',
      health: 'unknown',
      message: /too little/,
    },
  ])('leaves it $health after $verdict ($reason)', async ({ verdict, reason, ended, health, message }) => {
    const end = await endWith({ kind: 'health', eventId: 'e', verdict, reason, checks: [] });

    expect(end).toMatchObject({
      status: 'success',
      reason: ended,
      message: expect.stringMatching(message),
      target: { target: { history: [{ release: 'r1', health }] } },
    });
  });

  it('shows no share of the traffic any more once it was rolled back', async () => {
    const answer = { kind: 'rollback' as const, eventId: 'e', reason: 'alert', checks: [] };

    const rolledBack = await endWith({ ...answer, outcome: 'restored' });
    const left = await endWith({ ...answer, outcome: 'refused' });

    expect(rolledBack).toMatchObject({ slice: { 'production/web': { state: 'rolled_back', weightPercent: 0 } } });
    expect(left).toMatchObject({ slice: { 'production/web': { state: 'degraded', weightPercent: 100 } } });
  });
});
