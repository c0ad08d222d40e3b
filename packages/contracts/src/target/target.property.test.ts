import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  beginReturn,
  beginStep,
  failRollout,
  finishReturn,
  finishRollout,
  finishStep,
  healthyBefore,
} from './advance-rollout.ts';
import {
  beginResolve,
  blockTarget,
  finishResolve,
  restoreTarget,
  seizeTarget,
  type SeizureRequest,
} from './seize-target.ts';
import { leaveLane, takeLane, type LaneRequest } from './take-lane.ts';
import { createTarget, type Target } from './target.ts';
import { compareAge, findCurrent, type Mover, type Transition, type Wake } from './transition.ts';

const now = new Date('2026-01-01T00:00:00Z');
const manifest = {
  artifactDigest: 'sha256:a',
  command: ['node'],
  env: {},
  port: 1,
  replicas: 1,
  healthPath: '/',
  metricsPath: null,
  readyTimeoutMs: 1,
};
interface Act {
  act: keyof typeof asks;
  run: number;
}

interface Move {
  act: Act['act'];
  before: Target;
  after: Target;
  wake: readonly Wake[];
}

const asks = {
  ask: (target: Target, run: number) => takeLane(target, laneRequest(run), now),
  leave: (target: Target, run: number) => leaveLane(target, { runId: `run-${run}`, generation: 1 }),
  step: (target: Target) => beginStep(target, { ...ownerOf(target), step: nextStep(target) }),
  done: (target: Target) => finishStep(target, { ...lastMove(target), step: target.lane?.step ?? 0 }),
  release: (target: Target) => finishRollout(target, { ...lastMove(target), checks: [] }, now),
  fail: (target: Target) => failRollout(target, ownerOf(target)),
  return: (target: Target) => beginReturn(target, ownerOf(target)),
  returned: (target: Target) => finishReturn(target, lastMove(target)),
  seize: (target: Target, run: number) => seizeTarget(target, seizureRequest(target, run), now),
  restored: (target: Target) => restoreTarget(target, { cause: target.seizure?.cause ?? '', epoch: target.epoch }, now),
  block: (target: Target, run: number) => blockTarget(target, { reason: 'lost', runId: `run-${run}` }, now),
  resolve: (target: Target) => resolve(target),
} as const;

const frequent = ['ask', 'step', 'done', 'step', 'done', 'release'] as const;
const seldom = ['leave', 'fail', 'return', 'returned', 'seize', 'restored', 'resolve'] as const;
const act: fc.Arbitrary<Act['act']> = fc.oneof(
  { weight: 160, arbitrary: fc.constantFrom(...frequent) },
  { weight: 40, arbitrary: fc.constantFrom(...seldom) },
  { weight: 1, arbitrary: fc.constant('block' as const) },
);
const seed = Date.now() % 2 ** 31;
const story = fc.array(fc.record({ act, run: fc.integer({ min: 1, max: 9 }) }), {
  minLength: 20,
  maxLength: 150,
  size: 'max',
});

/** Every move of 300 random stories, judged by one rule. */
function violations(rule: (move: Move) => readonly string[]): readonly string[] {
  const stories = fc.sample(story, { numRuns: 300, seed });
  return stories.flatMap((given) =>
    play(given)
      .flatMap(rule)
      .map((violation) => `seed ${seed}: ${violation}`),
  );
}

describe('a target under any order of requests', () => {
  it('raises the epoch by one with each new owner and each step, and never lowers it', () => {
    expect(
      violations(({ before, after }) => {
        const rise = after.epoch - before.epoch;
        const taken = namedOwner(after) !== namedOwner(before) && namedOwner(after) !== null;
        const stepped = after.lane !== null && after.lane.step !== before.lane?.step;
        return rise < 0 || ((taken || stepped) && rise !== 1) ? [`epoch rose by ${rise}`] : [];
      }),
    ).toEqual([]);
  });

  it('has one owner at most', () => {
    expect(violations(({ after }) => (after.lane !== null && after.seizure !== null ? ['two owners'] : []))).toEqual(
      [],
    );
  });

  it('serves only what it remembers', () => {
    expect(
      violations(({ after }) => (after.current !== null && findCurrent(after) === null ? ['current is unknown'] : [])),
    ).toEqual([]);
  });

  it('never releases an older run over a newer one', () => {
    expect(
      violations(({ act: done, before, after }) => {
        const [was, is] = [findCurrent(before), findCurrent(after)];
        return done === 'release' && was !== null && is !== null && compareAge(is, was) < 0 ? ['went backwards'] : [];
      }),
    ).toEqual([]);
  });

  it('lets nobody wait beside a free lane without having woken somebody', () => {
    expect(
      violations(({ after: { lane, seizure, blocked, waiters } }) => {
        const free = lane === null && seizure === null && blocked === null;
        return free && waiters.length > 0 && !waiters.some((waiter) => waiter.woken) ? ['everybody sleeps'] : [];
      }),
    ).toEqual([]);
  });

  it('tells everybody who waits no longer, unless he left or has the lane', () => {
    expect(
      violations(({ act: done, before, after, wake }) => {
        const gone = before.waiters.filter(({ jobId }) => !after.waiters.some((waiter) => waiter.jobId === jobId));
        const told = wake.filter(({ memo }) => memo.kind === 'superseded').map(({ jobId }) => jobId);
        if (done === 'leave') return [];
        return gone
          .filter(({ jobId, runId }) => !told.includes(jobId) && after.lane?.runId !== runId)
          .map(({ jobId }) => jobId);
      }),
    ).toEqual([]);
  });

  it('never goes back to what is known as bad', () => {
    expect(
      violations(({ after }) => {
        const ways = after.history.map(({ release }) => healthyBefore(after, release));
        return ways.flatMap((way) => (way?.health === 'bad' ? [way.release] : []));
      }),
    ).toEqual([]);
  });

  it('reaches releases and rollbacks in these stories, so that the rules above say something', () => {
    const stories = fc.sample(story, { numRuns: 200, seed: 7 }).map((given) => play(given).at(-1)?.after);

    expect(Math.max(...stories.map((target) => target?.history.length ?? 0))).toBeGreaterThan(2);
    expect(Math.max(...stories.map((target) => target?.rollbacks.length ?? 0))).toBeGreaterThan(0);
  });
});

function play(given: readonly Act[]): Move[] {
  let before = createTarget({ repository: 'r', environment: 'e', service: 's' });
  return given.map(({ act: name, run }, index) => {
    // Newer runs come as time goes by, or the first stories would end with the newest run of all.
    const answer = asks[name](before, run + Math.floor(index / 15));
    const after = answer.kind === 'moved' ? answer.target : before;
    const played = { act: name, before, after, wake: answer.kind === 'moved' ? answer.wake : [] };
    before = after;
    return played;
  });
}

function ownerOf({ lane }: Target): Mover {
  return lane === null ? { runId: 'nobody', generation: 1 } : { runId: lane.runId, generation: lane.generation };
}

function lastMove(target: Target) {
  return { ...ownerOf(target), epoch: target.epoch };
}

function nextStep({ lane }: Target): number {
  if (lane === null) return 1;
  return lane.state === 'judging' ? lane.step + 1 : Math.max(1, lane.step);
}

function laneRequest(run: number): LaneRequest {
  const version = { version: `v${run}`, commit: `c${run}`, manifest };
  const rollout = { runId: `run-${run}`, generation: 1, sequence: run, jobId: `job-${run}`, ...version };
  return { ...rollout, strategy: 'canary', weights: [50, 100], byPerson: false, maxSupersedes: 2 };
}

function seizureRequest(target: Target, run: number): SeizureRequest {
  const from = target.lane?.release ?? target.current ?? 'none';
  const to = healthyBefore(target, from)?.release ?? 'none';
  return { cause: `event-${run}`, runId: `run-${run}`, jobId: `r-${run}`, from, to, reason: 'x', byPerson: false };
}

function resolve(target: Target): Transition {
  const looking = beginResolve(target);
  if (looking.kind === 'refused') return looking;
  return finishResolve(looking.target, { epoch: looking.target.epoch, serving: target.current });
}

function namedOwner({ lane, seizure }: Target): string | null {
  if (seizure !== null) return `seized by ${seizure.cause}`;
  return lane === null ? null : lane.release;
}
