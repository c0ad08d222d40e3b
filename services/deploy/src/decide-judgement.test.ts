import { describe, expect, it } from '@jest/globals';
import type { Rollout } from '@orchestra/contracts';
import type { Answer } from './answer.ts';
import { decideJudgement, type JudgementFacts } from './decide-judgement.ts';

const lane: Rollout = {
  runId: 'run-2',
  generation: 1,
  sequence: 2,
  release: 'r2',
  version: 'sha256:v',
  commit: 'c',
  manifest: {
    artifactDigest: 'sha256:a',
    command: ['node'],
    env: {},
    port: 1,
    replicas: 1,
    healthPath: '/',
    metricsPath: null,
    readyTimeoutMs: 1,
  },
  state: 'judging',
  strategy: 'canary',
  weights: [10, 100],
  step: 1,
  epoch: 5,
  previous: 'r1',
  byPerson: false,
  takenAt: '2026-01-01T00:00:00Z',
};

const facts: JudgementFacts = {
  lane,
  seized: false,
  blocked: false,
  step: 1,
  epoch: 5,
  answer: null,
  person: null,
  wished: false,
  timedOut: false,
  unanswered: false,
  extensions: 0,
  onInconclusive: 'abort',
};

const healthy: Answer = { kind: 'health', eventId: 'e', verdict: 'HEALTHY', reason: null, checks: [] };
const unclear: Answer = { ...healthy, verdict: 'INCONCLUSIVE' };
const refused: Answer = { kind: 'rollback', eventId: 'e', outcome: 'refused', reason: 'disabled', checks: [] };
const restored: Answer = { ...refused, outcome: 'restored' };
const goOn: Answer = { kind: 'person', eventId: 'e', says: 'go_on', actor: 'ada' };
const abort: Answer = { ...goOn, says: 'abort' };
const last = { lane: { ...lane, step: 2 }, step: 2 };

describe('decideJudgement', () => {
  it.each([
    { when: 'nothing is known yet', given: {}, expected: { kind: 'wait', reason: 'health' } },
    { when: 'the step is healthy', given: { answer: healthy }, expected: { kind: 'advance', reason: 'healthy' } },
    {
      when: 'the last step is healthy',
      given: { ...last, answer: healthy },
      expected: { kind: 'release', reason: 'healthy' },
    },
    { when: 'a person goes on', given: { answer: goOn }, expected: { kind: 'advance', reason: 'ordered' } },
    { when: 'a person takes it back', given: { answer: abort }, expected: { kind: 'give_back', reason: 'ordered' } },
    {
      when: 'a rollback was refused',
      given: { answer: refused },
      expected: { kind: 'give_back', reason: 'taken_out_of_traffic' },
    },
    { when: 'nobody answers in time', given: { timedOut: true }, expected: { kind: 'fail', reason: 'step_timed_out' } },
    {
      when: 'the run is cancelled',
      given: { wished: true, answer: healthy },
      expected: { kind: 'give_back', reason: 'wished' },
    },
    {
      when: 'it is unclear and the plan aborts',
      given: { answer: unclear },
      expected: { kind: 'give_back', reason: 'health_unclear' },
    },
    {
      when: 'it is unclear and the plan asks',
      given: { answer: unclear, onInconclusive: 'ask' },
      expected: { kind: 'ask', reason: 'health_unclear' },
    },
    {
      when: 'a person was asked and did not answer in time',
      given: { answer: unclear, onInconclusive: 'ask', unanswered: true },
      expected: { kind: 'give_back', reason: 'unanswered' },
    },
    {
      when: 'a person answered at the last moment',
      given: { answer: unclear, onInconclusive: 'ask', unanswered: true, person: goOn },
      expected: { kind: 'advance', reason: 'ordered' },
    },
    {
      when: 'a person was asked and goes on',
      given: { answer: unclear, onInconclusive: 'ask', person: goOn },
      expected: { kind: 'advance', reason: 'ordered' },
    },
    {
      when: 'it is unclear and the plan extends',
      given: { answer: unclear, onInconclusive: 'extend' },
      expected: { kind: 'watch_again', reason: 'health_unclear' },
    },
    {
      when: 'it was extended often enough',
      given: { answer: unclear, onInconclusive: 'extend', extensions: 3 },
      expected: { kind: 'give_back', reason: 'health_unclear' },
    },
    {
      when: 'the epoch has moved on',
      given: { epoch: 4, answer: healthy },
      expected: { kind: 'drop', reason: 'stale_epoch' },
    },
    {
      when: 'the step has moved on',
      given: { step: 2, answer: healthy },
      expected: { kind: 'drop', reason: 'stale_step' },
    },
    {
      when: 'the rollout fails meanwhile',
      given: { lane: { ...lane, state: 'failing' }, answer: healthy },
      expected: { kind: 'drop', reason: 'stale_step' },
    },
    {
      when: 'the next step was begun before a crash',
      given: { lane: { ...lane, epoch: 6, step: 2, state: 'stepping' }, answer: healthy },
      expected: { kind: 'advance', reason: 'resumed' },
    },
    {
      when: 'the same step was begun once more before a crash',
      given: { lane: { ...lane, epoch: 6, state: 'stepping' }, answer: unclear, onInconclusive: 'extend' },
      expected: { kind: 'watch_again', reason: 'resumed' },
    },
    {
      when: 'it was on its way back before a crash',
      given: { lane: { ...lane, epoch: 6, state: 'returning' }, answer: unclear, person: goOn },
      expected: { kind: 'give_back', reason: 'health_unclear' },
    },
    {
      when: 'a refusal was being carried out before a crash',
      given: { lane: { ...lane, epoch: 6, state: 'returning' }, answer: refused },
      expected: { kind: 'give_back', reason: 'taken_out_of_traffic' },
    },
    {
      when: 'the run is cancelled and the next step was begun',
      given: { lane: { ...lane, epoch: 6, step: 2, state: 'stepping' }, answer: healthy, wished: true },
      expected: { kind: 'give_back', reason: 'wished' },
    },
    {
      when: 'the next step is judged by its own job',
      given: { lane: { ...lane, epoch: 6, step: 2 }, answer: healthy },
      expected: { kind: 'drop', reason: 'stale_epoch' },
    },
    {
      when: 'the rollback that has the target cannot be done',
      given: { lane: null, seized: true, blocked: true },
      expected: { kind: 'ousted', reason: 'target_blocked' },
    },
    {
      when: 'the rollback says that nobody knows what serves',
      given: { lane: null, seized: true, answer: { ...refused, outcome: 'unknown' } },
      expected: { kind: 'ousted', reason: 'target_blocked' },
    },
    {
      when: 'the first alert was refused because another rollback has the target',
      given: { lane: null, seized: true, answer: refused },
      expected: { kind: 'wait', reason: 'rollback' },
    },
    {
      when: 'a rollback has the target',
      given: { lane: null, seized: true },
      expected: { kind: 'wait', reason: 'rollback' },
    },
    {
      when: 'a rollback has it and the run is cancelled',
      given: { lane: null, seized: true, wished: true },
      expected: { kind: 'ousted', reason: 'lane_lost' },
    },
    {
      when: 'it was rolled back',
      given: { lane: null, answer: restored },
      expected: { kind: 'ousted', reason: 'rolled_back' },
    },
    {
      when: 'somebody else has the lane',
      given: { lane: null, answer: healthy },
      expected: { kind: 'ousted', reason: 'lane_lost' },
    },
  ] as const)('says $expected.kind when $when', ({ given, expected }) => {
    expect(decideJudgement({ ...facts, ...given })).toEqual(expected);
  });
});
