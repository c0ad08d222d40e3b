import { describe, expect, it } from '@jest/globals';
import { createTarget, type Target } from '@orchestra/contracts';
import { decideDriftLook } from './decide-drift.ts';
import { image, inCluster, place, releasedOnce } from './released.fixture.ts';

const blocked: Target = { ...releasedOnce(inCluster), blocked: { reason: 'r', runId: 'run-1', at: 'then' } };
const seizure = {
  cause: 'e',
  runId: 'run-1',
  jobId: 'j',
  from: 'r1',
  to: 'r0',
  reason: 'r',
  byPerson: false,
  epoch: 3,
};
const moving: Target = { ...releasedOnce(inCluster), seizure: { ...seizure, at: 'then', ousted: null } };

describe('decideDriftLook', () => {
  it('looks at what serves in a cluster', () => {
    expect(decideDriftLook(releasedOnce(inCluster))).toEqual({
      kind: 'look',
      left: { target: 'acme/shop/production/web', namespace: 'shop', release: 'r1', image },
      by: { runId: 'run-1', generation: 1 },
    });
  });

  it.each([
    { reason: 'not_in_a_cluster', target: releasedOnce(null) },
    { reason: 'left_to_a_rollout', target: releasedOnce({ ...inCluster, rollout: 'web' }) },
    { reason: 'nothing_serves', target: createTarget(place) },
    { reason: 'blocked', target: blocked },
    { reason: 'moving', target: moving },
  ])('rests where it finds $reason', ({ reason, target }) => {
    expect(decideDriftLook(target)).toEqual({ kind: 'rest', reason });
  });
});
