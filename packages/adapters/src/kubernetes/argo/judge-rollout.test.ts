import { describe, expect, it } from '@jest/globals';
import { judgeRollout, shareOf } from './judge-rollout.ts';
import { parseRollout, type FoundRollout } from './read-rollout.ts';

function rollout(status: object): FoundRollout {
  return parseRollout({
    metadata: { name: 'web', resourceVersion: '1', generation: 4 },
    spec: { strategy: { canary: { steps: [{ setWeight: 20 }, { pause: {} }] } } },
    status: { observedGeneration: '4', currentPodHash: 'new', stableRS: 'old', ...status },
  });
}

describe('an Argo Rollout', () => {
  it.each([
    ['healthy', 'is Healthy', { phase: 'Healthy', stableRS: 'new' }],
    ['going', 'has not seen it', { phase: 'Healthy', stableRS: 'new', observedGeneration: '3' }],
    ['going', 'has not seen it', { phase: '', observedGeneration: '' }],
    [
      'going',
      'is Paused at step 2 of 2: CanaryPauseStep',
      { phase: 'Paused', message: 'CanaryPauseStep', currentStepIndex: 1 },
    ],
    ['going', 'is Progressing at step 2 of 2', { phase: 'Progressing', currentStepIndex: 2 }],
    ['going', 'is Healthy', { phase: 'Healthy' }],
    ['failed', 'is Degraded: ProgressDeadlineExceeded', { phase: 'Degraded', message: 'ProgressDeadlineExceeded' }],
    ['failed', 'was aborted: metric error-rate', { phase: 'Degraded', abort: true, message: 'metric error-rate' }],
  ])('is %s where it %s', (kind, message, status) => {
    expect(judgeRollout(rollout(status))).toEqual({ kind, message: expect.stringContaining(message) });
  });

  it.each([
    [100, { stableRS: 'new' }],
    [0, { observedGeneration: '3', stableRS: 'new' }],
    [0, { abort: true, replicas: 4, updatedReplicas: 1 }],
    [20, { canary: { weights: { canary: { weight: 20 } } }, replicas: 4, updatedReplicas: 4 }],
    [25, { replicas: 4, updatedReplicas: 1 }],
    [0, { blueGreen: { activeSelector: 'old' }, replicas: 4, updatedReplicas: 2 }],
    [100, { blueGreen: { activeSelector: 'new' }, replicas: 4, updatedReplicas: 2 }],
  ])('has given %i percent to what was asked by %j', (share, status) => {
    expect(shareOf(rollout(status))).toBe(share);
  });
});
