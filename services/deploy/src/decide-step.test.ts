import { describe, expect, it } from '@jest/globals';
import type { Rollout } from '@orchestra/contracts';
import { decideRetirement, decideStep } from './decide-step.ts';

const manifest = {
  artifactDigest: 'sha256:a',
  command: ['node'],
  env: {},
  port: 8080,
  replicas: 4,
  healthPath: '/',
  metricsPath: null,
  readyTimeoutMs: 1000,
};

function laneOf(change: Partial<Rollout>): Rollout {
  return {
    runId: 'run-2',
    generation: 1,
    sequence: 2,
    release: 'r2',
    version: 'sha256:v',
    commit: 'c',
    manifest,
    state: 'stepping',
    strategy: 'canary',
    weights: [10, 50, 100],
    step: 1,
    epoch: 5,
    previous: 'r1',
    byPerson: false,
    takenAt: '2026-01-01T00:00:00Z',
    ...change,
  };
}

const stable = { release: 'r1', replicas: 4 };

describe('decideStep', () => {
  it('brings the first release in whole', () => {
    expect(decideStep(laneOf({ weights: [100] }), null)).toEqual({
      replicas: 4,
      weights: { r2: 100 },
      scale: null,
      retire: [],
    });
  });

  it.each([
    { step: 1, replicas: 1, weights: { r2: 10, r1: 90 } },
    { step: 2, replicas: 2, weights: { r2: 50, r1: 50 } },
    { step: 3, replicas: 4, weights: { r2: 100 } },
  ])('gives a canary in step $step so many processes and its share', ({ step, replicas, weights }) => {
    expect(decideStep(laneOf({ step }), stable)).toEqual({ replicas, weights, scale: null, retire: [] });
  });

  it('puts a second colour beside the first before it switches at once', () => {
    const effect = decideStep(laneOf({ strategy: 'blue_green', weights: [100] }), stable);

    expect(effect).toEqual({ replicas: 4, weights: { r2: 100 }, scale: null, retire: [] });
  });

  it.each([
    { step: 1, replicas: 1, left: 3 },
    { step: 2, replicas: 2, left: 2 },
    { step: 3, replicas: 3, left: 1 },
  ])('rolls process by process: step $step', ({ step, replicas, left }) => {
    const lane = laneOf({ strategy: 'rolling', weights: [25, 50, 75, 100], step });

    expect(decideStep(lane, stable)).toMatchObject({ replicas, scale: { release: 'r1', replicas: left } });
  });

  it('ends the last old process with the last step of a roll', () => {
    const lane = laneOf({ strategy: 'rolling', weights: [25, 50, 75, 100], step: 4 });

    expect(decideStep(lane, stable)).toEqual({ replicas: 4, weights: { r2: 100 }, scale: null, retire: ['r1'] });
  });
});

describe('decideRetirement', () => {
  it.each([
    { strategy: 'canary', retired: ['r0'] },
    { strategy: 'blue_green', retired: ['r0'] },
    { strategy: 'rolling', retired: ['r0', 'r1'] },
    { strategy: 'immediate', retired: ['r0', 'r1'] },
  ] as const)('keeps the way back open after $strategy', ({ strategy, retired }) => {
    expect(decideRetirement(laneOf({ strategy }), ['r0', 'r1', 'r2'])).toEqual(retired);
  });
});
