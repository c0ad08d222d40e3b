import { describe, expect, it } from '@jest/globals';
import { createTarget, OrchestraError, type Plan, type Target } from '@orchestra/contracts';
import { aContext } from '@orchestra/testkit';
import { anUntouchedWorld } from './a-world.fixture.ts';
import { judgeStep } from './judge-step.ts';
import type { Releases } from './ports.ts';
import { place, stepped } from './released.fixture.ts';

const now = new Date('2026-01-01T00:00:00Z');

/** A target whose first release is being judged, under epoch 2. */
function judging(): Target {
  return stepped(createTarget(place));
}

interface Given {
  onInconclusive?: 'ask';
  ageMs?: number;
}

async function judge(answers: Readonly<Record<string, string>>, world: Partial<Releases> = {}, given: Given = {}) {
  const ports = { releases: anUntouchedWorld({ notes: async () => [], ...world }) };
  const plan = { deployment: { stepTimeoutMs: 60_000, onInconclusive: given.onInconclusive ?? 'abort' } } as Plan;
  const store = {
    readTarget: async (key: string) => ({ key, version: 1, target: JSON.stringify(judging()) }),
    readAnswer: async (_runId: string, key: string) => answers[key] ?? null,
  };
  const job = { unit: 'deploy/production/web', createdAt: new Date(now.getTime() - (given.ageMs ?? 0)) };
  const context = aContext('deploy', { job, run: { runId: 'run-1' }, plan, store, now });
  return judgeStep({ step: 1, epoch: 2, extensions: 0 }, context, ports);
}

async function look() {
  return { epoch: 2, url: 'http://127.0.0.1:1', releases: [] };
}

function retire(): Promise<never> {
  return Promise.reject(new OrchestraError('TARGET_REFUSED', 'older epoch'));
}

const healthy = JSON.stringify({ kind: 'health', eventId: 'e', verdict: 'HEALTHY', reason: null, checks: [] });

describe('judgeStep', () => {
  it('waits on when a late verdict on an older epoch has come', async () => {
    expect(await judge({ 'judge/deploy/production/web/1': healthy })).toMatchObject({
      kind: 'park',
      answerKey: 'judge/deploy/production/web/2',
    });
  });

  it('decides again when a rollback takes the target while the release is let in', async () => {
    expect(await judge({ 'judge/deploy/production/web/2': healthy }, { look, retire })).toEqual({ kind: 'again' });
  });

  it('fails the rollout when nobody has judged the step in its time', async () => {
    expect(await judge({}, {}, { ageMs: 59_999 })).toMatchObject({ kind: 'park', reason: 'health', delayMs: 1 });
    expect(await judge({}, {}, { ageMs: 60_000 })).toMatchObject({
      reason: 'failing',
      events: [{ data: { phase: 'FAILED', reason: 'step_timed_out' } }],
    });
  });

  it('asks a person, and waits for the answer no longer than a day', async () => {
    const asked = { 'judge/deploy/production/web/2': healthy.replace('HEALTHY', 'INCONCLUSIVE') };
    const hourMs = 3_600_000;

    expect(await judge(asked, {}, { onInconclusive: 'ask', ageMs: hourMs })).toMatchObject({
      kind: 'park',
      reason: 'health_unclear',
      delayMs: 23 * hourMs,
    });
    expect(await judge(asked, { claim: look }, { onInconclusive: 'ask', ageMs: 24 * hourMs })).toMatchObject({
      kind: 'end',
      status: 'error',
      reason: 'unanswered',
    });
  });
});
