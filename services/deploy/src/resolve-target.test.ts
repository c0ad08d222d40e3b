import { describe, expect, it } from '@jest/globals';
import { blockTarget, createTarget, OrchestraError, type OperatorCommand, type Target } from '@orchestra/contracts';
import type { TargetWrite } from '@orchestra/runtime';
import { aContext, anOperatorCommand } from '@orchestra/testkit';
import { anUntouchedWorld } from './a-world.fixture.ts';
import { handleOperatorCommand } from './handle-operator-command.ts';

const place = { repository: 'acme/shop', environment: 'production', service: 'web' };
const order = anOperatorCommand({
  commandId: 'c1',
  action: 'RESOLVE',
  source: 'CLI',
  addressee: 'deploy',
  unit: 'deploy/production/web',
  environment: 'production',
  service: 'web',
});

function blocked(): Target {
  const answer = blockTarget(createTarget(place), { reason: 'no answer', runId: 'run-1' }, new Date(0));
  return answer.kind === 'moved' ? answer.target : createTarget(place);
}

/** r1 is to serve again; r2 is not there any more. */
function blockedRollback(): Target {
  const manifest = { artifactDigest: 'd', command: ['a'], env: {}, port: 1, replicas: 1, healthPath: '/' };
  const started = { ...manifest, metricsPath: null, readyTimeoutMs: 1 };
  const known = { version: 'v', commit: 'c', manifest: started, runId: 'run-0', generation: 1, sequence: 1, epoch: 1 };
  const record = { ...known, health: 'healthy' as const, checks: [], releasedAt: '', byPerson: false };
  const seizure = { cause: 'e', runId: 'run-1', jobId: 'j', from: 'r2', to: 'r1', reason: 'x', byPerson: false };
  const history = [
    { ...record, release: 'r1' },
    { ...record, release: 'r2' },
  ];
  return { ...blocked(), history, current: 'r2', seizure: { ...seizure, epoch: 1, at: '', ousted: null } };
}

function resolve(target: Target, change: Partial<OperatorCommand> = {}, ready = 1) {
  const shared: unknown[] = [];
  const writes: TargetWrite[] = [];
  const claims: unknown[] = [];
  const context = aContext('deploy', {
    store: { readTarget: async (key) => ({ key, version: 4, target: JSON.stringify(target) }) },
    changeTarget: async (write) => {
      writes.push(write);
      return 'finished';
    },
  });
  // The order belongs to no run.
  const runless = Object.defineProperty({ ...context }, 'run', {
    get: () => {
      throw new OrchestraError('RUN_UNKNOWN', 'no run');
    },
  });
  const releases = anUntouchedWorld({
    share: async ({ weights }) => {
      shared.push(weights);
      return { epoch: 1, url: '', releases: [] };
    },
    claim: async (claim) => {
      claims.push(claim);
      return { epoch: 1, url: 'http://127.0.0.1:1', releases: [{ release: 'r1', ready, wanted: 1, weight: 50 }] };
    },
  });
  const event = {
    topic: 'operator_command' as const,
    id: 'e1',
    runId: '',
    source: 'chatops' as const,
    subject: 'operator_command',
    generation: 1,
    hops: 1,
    causeId: null,
    time: new Date(0),
    data: { ...order, ...change },
  };
  return { writes, claims, shared, result: handleOperatorCommand(event, runless, { releases }) };
}

describe('RESOLVE', () => {
  it('frees a blocked target under a new epoch, also when its run is gone', async () => {
    const { result, writes, claims } = resolve(blocked());

    expect(await result).toMatchObject({
      status: null,
      decided: [{ what: 'command accepted', facts: { actor: 'ada', serving: 'r1' } }],
      target: { expected: 5, target: { blocked: null, epoch: 1 } },
    });
    expect(writes).toMatchObject([{ expected: 4, target: { epoch: 1, blocked: { reason: 'no answer' } } }]);
    expect(claims).toMatchObject([{ target: 'acme/shop/production/web', epoch: 1 }]);
  });

  it('obeys the word of a person: all traffic goes where it says, and that is what serves', async () => {
    const { result, shared } = resolve(blockedRollback(), { resolution: 'happened', runId: 'run-1' });

    expect(await result).toMatchObject({
      decided: [{ what: 'command accepted', facts: { serving: 'r1', resolution: 'happened' } }],
      target: { target: { current: 'r1', blocked: null, seizure: null } },
    });
    expect(shared).toEqual([{ r1: 100 }]);
  });

  it.each([
    { change: { resolution: 'happened', runId: 'run-1' }, ready: 0, reason: 'not_ready' },
    { change: { resolution: 'did_not_happen', runId: 'run-1' }, ready: 1, reason: 'not_ready' },
    { change: { resolution: 'happened', runId: 'run-7' }, ready: 1, reason: 'not_blocked' },
    { change: { resolution: 'try_again', runId: 'run-1' }, ready: 1, reason: 'no_resolution' },
    { change: { resolution: 'perhaps', runId: 'run-1' }, ready: 1, reason: 'no_resolution' },
  ])('refuses $change with $reason where $ready are ready, and leaves the target blocked', async (given) => {
    const { result, shared } = resolve(blockedRollback(), given.change, given.ready);

    const refused = await result;

    expect(refused).toMatchObject({ decided: [{ what: 'command refused', reason: given.reason }] });
    expect(refused).not.toHaveProperty('target');
    expect(shared).toEqual([]);
  });

  it('is refused where nothing is blocked', async () => {
    const { result, writes } = resolve(createTarget(place));

    expect(await result).toMatchObject({ decided: [{ what: 'command refused', reason: 'not_blocked' }] });
    expect(writes).toEqual([]);
  });
});
