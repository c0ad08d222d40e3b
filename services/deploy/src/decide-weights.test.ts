import { describe, expect, it } from '@jest/globals';
import { planWeights } from './decide-weights.ts';

describe('planWeights', () => {
  it.each([
    { strategy: 'immediate', weights: [100] },
    { strategy: 'blue_green', weights: [100] },
    { strategy: 'rolling', weights: [33, 67, 100] },
    { strategy: 'canary', weights: [10, 50, 100] },
  ] as const)('gives $strategy the steps $weights', ({ strategy, weights }) => {
    const steps = [{ weightPercent: 10 }, { weightPercent: 50 }, { weightPercent: 100 }];

    expect(planWeights({ strategy, steps }, {}, 3)).toEqual(weights);
  });

  it('leaves the steps of an Argo Rollout to it', () => {
    const steps = [{ weightPercent: 10 }, { weightPercent: 100 }];

    expect(planWeights({ strategy: 'canary', steps }, { rollout: 'web' }, 3)).toEqual([100]);
  });

  it('ends a canary with all of the traffic even when the steps stop short', () => {
    expect(planWeights({ strategy: 'canary', steps: [{ weightPercent: 20 }] }, {}, 1)).toEqual([20, 100]);
  });
});
