import { describe, expect, it } from '@jest/globals';
import {
  beginStep,
  createTarget,
  finishStep,
  OrchestraError,
  takeLane,
  type Plan,
  type Target,
} from '@orchestra/contracts';
import { aContext } from '@orchestra/testkit';
import { judgeStep } from './judge-step.ts';
import type { Ports, Releases } from './ports.ts';

const place = { repository: 'acme/shop', environment: 'production', service: 'web' };
const mover = { runId: 'run-1', generation: 1 };
const now = new Date('2026-01-01T00:00:00Z');

function moved(answer: { kind: string; target?: Target }): Target {
  if (answer.target === undefined) throw new Error(`refused: ${JSON.stringify(answer)}`);
  return answer.target;
}

/** A target whose first release is being judged, under epoch 2. */
function judging(): Target {
  const manifest = { artifactDigest: 'd', command: ['a'], env: {}, port: 1, replicas: 1, healthPath: '/' };
  const version = { version: 'v', commit: 'c', manifest: { ...manifest, metricsPath: null, readyTimeoutMs: 1 } };
  const request = { ...mover, ...version, sequence: 1, jobId: 'j', byPerson: false, maxSupersedes: 3 };
  const taken = moved(takeLane(createTarget(place), { ...request, strategy: 'canary', weights: [100] }, now));
  const begun = moved(beginStep(taken, { ...mover, step: 1 }));
  return moved(finishStep(begun, { ...mover, step: 1, epoch: begun.epoch }));
}

function never(): Promise<never> {
  return Promise.reject(new Error('the world was touched'));
}

interface Given {
  onInconclusive?: 'ask';
  ageMs?: number;
}

async function judge(answers: Readonly<Record<string, string>>, world: Partial<Releases> = {}, given: Given = {}) {
  const untouched = { look: never, claim: never, bringUp: never, share: never, retire: never };
  const quiet = { giveBack: never, tend: never, demandSandbox: never, notes: async () => [] };
  const ports: Ports = { releases: { ...untouched, ...quiet, ...world } };
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
