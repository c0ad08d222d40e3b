import { describe, expect, it } from '@jest/globals';
import {
  beginStep,
  createTarget,
  finishRollout,
  finishStep,
  OrchestraError,
  parseTarget,
  takeLane,
  type Target,
} from '@orchestra/contracts';
import type { TargetWrite } from '@orchestra/runtime';
import { aContext } from '@orchestra/testkit';
import { giveBack } from './give-back.ts';
import type { Ports, Releases } from './ports.ts';
import { gatherWork } from './work.ts';

const place = { repository: 'acme/shop', environment: 'production', service: 'web' };
const now = new Date('2026-01-01T00:00:00Z');
const nothing = { epoch: 1, url: '', releases: [] };

function moved(answer: { kind: string; target?: Target }): Target {
  if (answer.target === undefined) throw new Error(`refused: ${JSON.stringify(answer)}`);
  return answer.target;
}

/** A target on which a run takes its one step; `after` it was released before it. */
function stepping(runId: string, sequence: number, after: Target): Target {
  const mover = { runId, generation: 1 };
  const manifest = { artifactDigest: 'd', command: ['a'], env: {}, port: 1, replicas: 1, healthPath: '/' };
  const version = { version: runId, commit: runId, manifest: { ...manifest, metricsPath: null, readyTimeoutMs: 1 } };
  const request = { ...mover, ...version, sequence, jobId: runId, byPerson: false, maxSupersedes: 3 };
  const taken = moved(takeLane(after, { ...request, strategy: 'immediate', weights: [100] }, now));
  const begun = moved(beginStep(taken, { ...mover, step: 1 }));
  return moved(finishStep(begun, { ...mover, step: 1, epoch: begun.epoch }));
}

function released(runId: string, sequence: number): Target {
  const target = stepping(runId, sequence, createTarget(place));
  return moved(finishRollout(target, { runId, generation: 1, epoch: target.epoch, checks: [] }, now));
}

interface Given {
  target: Target;
  runId: string;
  claim?: Releases['claim'];
}

async function abort({ target, runId, claim }: Given) {
  const did: string[] = [];
  const state = { target, version: 1 };
  const say = (what: string, epoch: number) => did.push(`${what} ${epoch}`);
  const releases: Releases = {
    notes: async () => [],
    demandSandbox: async () => {},
    look: async () => nothing,
    claim:
      claim ??
      (async ({ epoch }) => {
        say('claim', epoch);
        return nothing;
      }),
    bringUp: async () => nothing,
    share: async () => nothing,
    retire: async ({ epoch }) => void say('retire', epoch),
    giveBack: async ({ epoch }) => {
      say('give back', epoch);
      return nothing;
    },
    tend: async () => {},
  };
  const ports: Ports = { releases };
  const context = aContext('deploy', {
    now,
    job: { unit: 'deploy/production/web', generation: 1 },
    run: { runId, repository: place.repository },
    store: {
      readTarget: async (key) => ({ key, version: state.version, target: JSON.stringify(state.target) }),
    },
    changeTarget: async ({ target: next }: TargetWrite) => {
      state.target = parseTarget(JSON.stringify(next));
      state.version += 1;
      say('write', state.target.epoch);
      return 'finished' as const;
    },
  });
  const ending = { status: 'cancelled', reason: 'cancelled_by_person', message: 'Cancelled', causes: [] } as const;
  const result = await giveBack(await gatherWork(context, ports), ending);
  return { result, did, state };
}

function refused(): Promise<never> {
  return Promise.reject(new OrchestraError('TARGET_REFUSED', 'older epoch'));
}

function notReady(): Promise<never> {
  return Promise.reject(new OrchestraError('RELEASE_NOT_READY', 'it does not come up'));
}

describe('giveBack', () => {
  it('writes its epoch into the world before anything else, and is done only after that', async () => {
    const target = stepping('run-2', 2, released('run-1', 1));
    const next = target.epoch + 1;

    const { result, did } = await abort({ target, runId: 'run-2' });

    expect(did).toEqual([`write ${next}`, `claim ${next}`, `give back ${next}`, `retire ${next}`]);
    expect(result).toMatchObject({ kind: 'end', status: 'cancelled', events: [{ data: { phase: 'ABORTED' } }] });
  });

  it('writes its epoch into the world also where there is nothing to give back to', async () => {
    const target = stepping('run-1', 1, createTarget(place));
    const next = target.epoch + 1;

    const { result, did } = await abort({ target, runId: 'run-1' });

    expect(did).toEqual([`write ${next}`, `claim ${next}`]);
    expect(result).toMatchObject({ kind: 'end', target: { target: { lane: null } } });
  });

  it('decides again, and tells nothing, where the world has seen a newer epoch', async () => {
    const { result, state } = await abort({
      target: stepping('run-1', 1, createTarget(place)),
      runId: 'run-1',
      claim: refused,
    });

    expect(result).toEqual({ kind: 'again' });
    expect(state.target.lane).toMatchObject({ runId: 'run-1', state: 'returning' });
  });

  it('blocks the target and keeps the lane where the way back cannot be done', async () => {
    const { result } = await abort({
      target: stepping('run-1', 1, createTarget(place)),
      runId: 'run-1',
      claim: notReady,
    });

    expect(result).toMatchObject({
      kind: 'end',
      status: 'unknown',
      reason: 'target_blocked',
      target: { target: { lane: { runId: 'run-1' }, blocked: { runId: 'run-1' } } },
    });
  });
});
