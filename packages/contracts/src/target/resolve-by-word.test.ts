import { describe, expect, it } from '@jest/globals';
import { resolveByWord, servingByWord } from './resolve-by-word.ts';
import { blockTarget, seizeTarget } from './seize-target.ts';
import { takeLane } from './take-lane.ts';
import { createTarget, type Target } from './target.ts';

const now = new Date('2026-01-01T00:00:00Z');
const manifest = {
  artifactDigest: 'd',
  command: ['a'],
  env: {},
  port: 1,
  replicas: 1,
  healthPath: '/',
  metricsPath: null,
  readyTimeoutMs: 1,
};

function moved(answer: { kind: string; target?: Target }): Target {
  if (answer.target === undefined) throw new Error(answer.kind);
  return answer.target;
}

/** r1 serves, and r2 has the lane; the way back could not be done. */
function aBlockedRollout(): Target {
  const version = { version: 'v', commit: 'c', manifest };
  const record = { ...version, runId: 'run-1', generation: 1, sequence: 1, release: 'r1', health: 'healthy' } as const;
  const more = { checks: [], epoch: 1, releasedAt: now.toISOString(), byPerson: false };
  const serving = { ...createTarget({ repository: 'a/b', environment: 'p', service: 's' }), epoch: 1, nextRelease: 2 };
  const target: Target = { ...serving, current: 'r1', history: [{ ...record, ...more }] };
  const request = { ...version, runId: 'run-2', generation: 1, sequence: 2, jobId: 'j', weights: [100] };
  const taken = takeLane(target, { ...request, strategy: 'canary', byPerson: false, maxSupersedes: 3 }, now);
  return moved(blockTarget(moved(taken), { reason: 'no answer', runId: 'run-2' }, now));
}

describe('a way back that was cut', () => {
  it.each([
    { word: 'happened', serving: 'r1' },
    { word: 'did_not_happen', serving: 'r2' },
  ] as const)('of a rollout leads to $serving when it $word', ({ word, serving }) => {
    expect(servingByWord(aBlockedRollout(), word)).toBe(serving);
  });

  it('of a rollback leads to what it restores, or leaves what it takes back', () => {
    const cause = { cause: 'e', runId: 'run-2', jobId: 'j', from: 'r2', to: 'r1', reason: 'x', byPerson: true };
    const seized = moved(seizeTarget(aBlockedRollout(), cause, now));

    expect([servingByWord(seized, 'happened'), servingByWord(seized, 'did_not_happen')]).toEqual(['r1', 'r2']);
  });

  it('frees the lane with what serves, and records a rollout that stays as bad', () => {
    const blocked = aBlockedRollout();
    const { epoch } = blocked;

    expect(resolveByWord(blocked, { epoch, serving: 'r1' }, now)).toMatchObject({
      target: { current: 'r1', lane: null, blocked: null, history: [{ release: 'r1' }] },
    });
    expect(resolveByWord(blocked, { epoch, serving: 'r2' }, now)).toMatchObject({
      target: {
        current: 'r2',
        lane: null,
        blocked: null,
        history: [{ release: 'r1' }, { release: 'r2', health: 'bad' }],
      },
    });
  });

  it('is not resolved when the target has moved, is not blocked, or the release is unknown', () => {
    const blocked = aBlockedRollout();

    expect(resolveByWord(blocked, { epoch: 9, serving: 'r1' }, now)).toMatchObject({ reason: 'epoch_moved' });
    expect(resolveByWord({ ...blocked, blocked: null }, { epoch: 2, serving: 'r1' }, now)).toMatchObject({
      reason: 'not_blocked',
    });
    expect(resolveByWord(blocked, { epoch: 2, serving: 'r7' }, now)).toMatchObject({ reason: 'release_unknown' });
  });
});
