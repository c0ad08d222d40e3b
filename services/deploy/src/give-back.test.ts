import { describe, expect, it } from '@jest/globals';
import { createTarget, OrchestraError, type Target } from '@orchestra/contracts';
import type { TargetWrite } from '@orchestra/runtime';
import { aContext } from '@orchestra/testkit';
import { anObligingWorld, serving } from './a-world.fixture.ts';
import { giveBack } from './give-back.ts';
import { keepTarget } from './kept-target.fixture.ts';
import type { Releases } from './ports.ts';
import { place, released, stepped } from './released.fixture.ts';
import { gatherWork } from './work.ts';

/** A target on which a run takes its one step; `after` it was released before it. */
function stepping(runId: string, sequence: number, after: Target): Target {
  return stepped(after, { runId, sequence, strategy: 'immediate' });
}

function releasedBy(runId: string, sequence: number): Target {
  return released(createTarget(place), { runId, sequence, strategy: 'immediate' });
}

interface Given {
  target: Target;
  runId: string;
  claim?: Releases['claim'];
}

async function abort({ target, runId, claim }: Given) {
  const did: string[] = [];
  const kept = keepTarget(target);
  const say = (what: string, epoch: number) => did.push(`${what} ${epoch}`);
  const releases = anObligingWorld({
    claim:
      claim ??
      (async ({ epoch }) => {
        say('claim', epoch);
        return serving;
      }),
    retire: async ({ epoch }) => void say('retire', epoch),
    giveBack: async ({ epoch }) => {
      say('give back', epoch);
      return serving;
    },
  });
  const context = aContext('deploy', {
    job: { unit: 'deploy/production/web', generation: 1 },
    run: { runId, repository: place.repository },
    store: kept.store,
    changeTarget: async (write: TargetWrite) => {
      const written = await kept.changeTarget(write);
      say('write', kept.state.target.epoch);
      return written;
    },
  });
  const ending = { status: 'cancelled', reason: 'cancelled_by_person', message: 'Cancelled', causes: [] } as const;
  const result = await giveBack(await gatherWork(context, { releases }), ending);
  return { result, did, state: kept.state };
}

function refused(): Promise<never> {
  return Promise.reject(new OrchestraError('TARGET_REFUSED', 'older epoch'));
}

function notReady(): Promise<never> {
  return Promise.reject(new OrchestraError('RELEASE_NOT_READY', 'it does not come up'));
}

describe('giveBack', () => {
  it('writes its epoch into the world before anything else, and is done only after that', async () => {
    const target = stepping('run-2', 2, releasedBy('run-1', 1));
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
