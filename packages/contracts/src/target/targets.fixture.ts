import { beginStep, finishRollout, finishStep } from './advance-rollout.ts';
import { takeLane, type LaneRequest } from './take-lane.ts';
import { createTarget, type Target } from './target.ts';

export const now = new Date('2026-01-01T00:00:00Z');
export const name = { repository: 'ada/shop', environment: 'production', service: 'web' };
const manifest = {
  artifactDigest: 'sha256:a',
  command: ['node', 'main.js'],
  env: {},
  port: 8080,
  replicas: 1,
  healthPath: '/health',
  metricsPath: null,
  readyTimeoutMs: 1000,
};

/** What a run of this sequence asks a lane for. */
export function requestOf(sequence: number, change: Partial<LaneRequest> = {}): LaneRequest {
  return {
    runId: `run-${sequence}`,
    generation: 1,
    sequence,
    jobId: `job-${sequence}`,
    version: `sha256:${sequence}`,
    commit: `commit-${sequence}`,
    manifest,
    strategy: 'canary',
    weights: [10, 100],
    byPerson: false,
    maxSupersedes: 3,
    ...change,
  };
}

/** Names the rollout of a run. */
export function mover(sequence: number) {
  return { runId: `run-${sequence}`, generation: 1 };
}

/** The answer of a transition that has to be allowed. */
export function moved<A extends { kind: string }>(answer: A): Extract<A, { target: Target }> {
  if (isMove(answer)) return answer;
  throw new Error(`refused: ${JSON.stringify(answer)}`);
}

function isMove<A extends { kind: string }>(answer: A): answer is Extract<A, { target: Target }> {
  return 'target' in answer;
}

/** The target after a step of a rollout was begun and finished. */
export function stepped(target: Target, sequence: number, step: number): Target {
  const begun = moved(beginStep(target, { ...mover(sequence), step })).target;
  return moved(finishStep(begun, { ...mover(sequence), step, epoch: begun.epoch })).target;
}

/** A target in which the given runs were released, one after the other. */
export function released(...sequences: number[]): Target {
  let target = createTarget(name);
  for (const sequence of sequences) {
    target = moved(takeLane(target, requestOf(sequence), now)).target;
    for (const step of target.lane?.weights.keys() ?? []) target = stepped(target, sequence, step + 1);
    target = moved(finishRollout(target, { ...mover(sequence), epoch: target.epoch, checks: [] }, now)).target;
  }
  return target;
}

/** A target on which the given run has taken its first step and is judged. */
export function judging(sequence: number, base: Target): Target {
  return stepped(moved(takeLane(base, requestOf(sequence), now)).target, sequence, 1);
}
