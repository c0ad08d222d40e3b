import { describe, expect, it } from '@jest/globals';
import {
  beginStep,
  createTarget,
  finishRollout,
  finishStep,
  seizeTarget,
  takeLane,
  type Target,
} from '@orchestra/contracts';
import { whyGone } from './watch-release.ts';

const now = new Date('2026-01-01T00:00:00Z');
const manifest = { artifactDigest: 'd', command: ['a'], env: {}, port: 1, replicas: 1, healthPath: '/' };

function moved(answer: { kind: string; target?: Target }): Target {
  if (answer.target === undefined) throw new Error(`refused: ${JSON.stringify(answer)}`);
  return answer.target;
}

/** The target after a run has taken its only step. */
function stepped(before: Target, sequence: number): Target {
  const mover = { runId: `run-${sequence}`, generation: 1 };
  const version = {
    version: `v${sequence}`,
    commit: 'c',
    manifest: { ...manifest, metricsPath: null, readyTimeoutMs: 1 },
  };
  const request = { ...mover, ...version, sequence, jobId: mover.runId, byPerson: false, maxSupersedes: 3 };
  const taken = moved(takeLane(before, { ...request, strategy: 'immediate', weights: [100] }, now));
  const begun = moved(beginStep(taken, { ...mover, step: 1 }));
  return moved(finishStep(begun, { ...mover, step: 1, epoch: begun.epoch }));
}

function released(before: Target, sequence: number): Target {
  const target = stepped(before, sequence);
  const made = { runId: `run-${sequence}`, generation: 1, epoch: target.epoch, checks: [] };
  return moved(finishRollout(target, made, now));
}

const empty = createTarget({ repository: 'acme/shop', environment: 'production', service: 'web' });
const serving = released(empty, 1);
const release = serving.current;

describe('the watch over a release', () => {
  it('goes on while a newer rollout moves, whatever the epoch is by now', () => {
    const newer = stepped(serving, 2);

    expect(newer.epoch).toBeGreaterThan(serving.epoch);
    expect(whyGone(newer, release)).toBeNull();
  });

  it('ends when a newer release has taken its place', () => {
    expect(whyGone(released(serving, 2), release)).toBe('replaced');
  });

  it('ends when a rollback takes the target, before it is done', () => {
    const twice = released(serving, 2);
    const from = twice.current ?? '';
    const asked = { cause: 'alert', runId: 'run-2', jobId: 'j', from, to: release ?? '', reason: 'x', byPerson: false };
    const seized = seizeTarget(twice, asked, now);

    expect(whyGone('target' in seized ? seized.target : empty, from)).toBe('no_longer_serves');
  });
});
