import { describe, expect, it } from '@jest/globals';
import { shareReplicas } from './share-replicas.ts';

describe('shareReplicas', () => {
  it.each([
    { weight: 10, canary: 1, stable: 9, pods: [1, 9] },
    { weight: 10, canary: 1, stable: 4, pods: [1, 4] },
    { weight: 10, canary: 1, stable: 1, pods: [1, 1] },
    { weight: 25, canary: 4, stable: 4, pods: [1, 3] },
    { weight: 50, canary: 4, stable: 4, pods: [4, 4] },
    { weight: 50, canary: 1, stable: 4, pods: [1, 3] },
    { weight: 90, canary: 9, stable: 2, pods: [9, 1] },
  ])('gives $weight % of the traffic to $canary pods beside $stable as $pods', ({ weight, canary, stable, pods }) => {
    const shared = shareReplicas(
      { release: 'r2', weight, size: canary },
      { release: 'r1', weight: 100 - weight, size: stable },
    );

    expect(shared).toEqual(pods);
  });

  it('never has fewer pods than the larger release alone, nor none of either', () => {
    for (let size = 1; size <= 12; size += 1) {
      for (let weight = 1; weight < 100; weight += 1) {
        const [left, right] = shareReplicas(
          { release: 'r2', weight, size: Math.ceil(size / 2) },
          { release: 'r1', weight: 100 - weight, size },
        );
        expect(left + right).toBeGreaterThanOrEqual(size);
        expect(Math.min(left, right)).toBeGreaterThanOrEqual(1);
      }
    }
  });
});
