import { describe, expect, it } from '@jest/globals';
import { createTarget, OrchestraError, type RollbackEvent, type RunState } from '@orchestra/contracts';
import type { NewJob, Result } from '@orchestra/runtime';
import type { Attempted } from './given-context.fixture.ts';
import { givenEnvironment } from './given-environment.fixture.ts';
import { anOrder } from './given-order.fixture.ts';
import { fakeTool, portsWith, type FakeTool } from './given-tool.fixture.ts';
import { handleOperatorCommand } from './handle-operator-command.ts';
import { handleRollbackEvent } from './handle-rollback-event.ts';
import type { Ports } from './ports.ts';
import { concludeRemoval, removeInfrastructure } from './remove-infrastructure.ts';

const payload = { environment: 'production' };
const destroying = { toDestroy: 2, destroys: ['db.a', 'db.b'] };

async function givenApplied({ tool = fakeTool(), rules = {} }: { tool?: FakeTool; rules?: object } = {}) {
  const given = givenEnvironment(tool, rules, ['production']);
  const run = await given.aRun();
  await given.work(run);
  const planned = Object.assign(tool, { asked: [] as (boolean | undefined)[] });
  const { plan } = tool;
  tool.plan = async (work) => {
    planned.asked.push(work.destroysAll);
    return { ...(await plan(work)), ...destroying };
  };
  tool.applied.length = 0;

  function attempt(around: Attempted = {}) {
    const context = given.attempt(run, around);
    return { ...context, job: { ...context.job, jobId: 'removal-1', unit: null } };
  }
  async function remove(around: Attempted & { ports?: Partial<Ports> } = {}): Promise<Result<'iac'>> {
    const result = await removeInfrastructure(payload, attempt(around), { ...portsWith(tool), ...around.ports });
    if (result.kind === 'again') return remove(around);
    if (result.target !== undefined) given.write(result.target);
    given.keep(run, result.slice);
    return result;
  }
  const removal = () => given.attempt(run).run.slices.iac['production']?.removal;
  async function say(order: object) {
    const digest = removal()?.question?.digest ?? null;
    const end = await handleOperatorCommand(anOrder({ runId: run.runId, digest, ...order }), given.attempt(run));
    if (end.kind === 'end' && end.target !== undefined) given.write(end.target);
    if (end.kind === 'end') given.keep(run, end.slice);
    return end;
  }
  return { tool: planned, given, run, attempt, remove, removal, say };
}

function rolledBack(change: Partial<RollbackEvent>, run: RunState) {
  const releases = { fromRelease: 'r2', toRelease: 'r1', epoch: 3, quarantined: true, compared: [] };
  const place = { environment: 'production', service: 'shop', packetDigest: null, packetTextDigest: null };
  const data: RollbackEvent = { outcome: 'SUCCESS', reason: 'breach', ...releases, ...place, ...change };
  const envelope = { id: 'e1', source: 'rollback', subject: 'x', generation: 1, hops: 1, causeId: null } as const;
  return { topic: 'rollback_event', ...envelope, runId: run.runId, time: new Date(0), data } as const;
}

describe('a rollback in an environment that is made to be thrown away', () => {
  it('makes one job that destroys, however many services went back', async () => {
    const { given, run, attempt } = await givenApplied();
    const made: NewJob[] = [];
    const store = { ...given.store, enqueue: async (job: NewJob) => void made.push(job) };
    const context = { ...attempt(), store: Object.assign(Object.create(null), store) };

    await handleRollbackEvent(rolledBack({}, run), context);
    await handleRollbackEvent(rolledBack({ service: 'cart' }, run), context);

    expect(new Set(made.map(({ jobId }) => jobId)).size).toBe(1);
    expect(made[0]).toMatchObject({
      handler: 'remove',
      unit: null,
      runId: run.runId,
      payload: JSON.stringify(payload),
    });
  });

  it.each([
    ['nothing was restored', { outcome: 'SKIPPED' }, 'not_restored'],
    ['it was in another environment', { environment: 'staging' }, undefined],
  ] as const)('destroys nothing when %s', async (_what, change, reason) => {
    const { run, attempt } = await givenApplied();

    const { decided } = await handleRollbackEvent(rolledBack(change, run), attempt());

    expect(decided?.[0]?.reason).toBe(reason);
  });
});

describe('removeInfrastructure', () => {
  it('plans to destroy all, names it, and waits for a person', async () => {
    const { tool, remove, removal } = await givenApplied();

    const parked = await remove();

    expect(parked).toMatchObject({
      kind: 'park',
      reason: 'plan_approval',
      message: expect.stringContaining('Destroying the infrastructure of production waits for a person until'),
    });
    expect(parked).toMatchObject({ message: expect.stringContaining('destroys db.a, db.b') });
    expect(tool.asked).toEqual([true]);
    expect(removal()).toMatchObject({ phase: 'waiting', question: { digest: expect.stringMatching(/^sha256:/) } });
    expect(tool.applied).toEqual([]);
  });

  it('applies exactly the plan that was approved, and says that the infrastructure is gone', async () => {
    const { tool, given, run, remove, removal, say } = await givenApplied();
    await remove();

    await say({ action: 'APPROVE' });
    const ended = await remove();

    expect(ended).toMatchObject({ status: null, events: [], decided: [{ reason: 'destroyed' }] });
    expect(tool.applied).toEqual(tool.restored);
    expect(tool.applied).toHaveLength(1);
    expect(given.state()).toMatchObject({ holder: null, gone: { runId: run.runId } });
    expect(removal()).toMatchObject({ phase: 'applied', ended: { reason: 'destroyed' } });
    expect(given.attempt(run).run.slices.iac['production']).toMatchObject({ outputs: {} });
    expect(given.attempt(run).run.slices.iac['production']).not.toHaveProperty('sensitiveOutputs');
  });

  it('is followed by a run that plans anew', async () => {
    const { given, remove, say } = await givenApplied();
    await remove();
    await say({ action: 'APPROVE' });
    await remove();

    const next = await given.work(await given.aRun(2), { ports: portsWith(fakeTool({ toAdd: 1 })) });

    expect(next).toMatchObject({ status: 'success', reason: 'applied' });
    expect(given.state().gone).toBeNull();
  });

  it.each([
    ['a person says no', 'rejected', { action: 'REJECT' }, {}],
    ['nobody answers in time', 'approval_expired', null, { now: new Date('2026-01-02T00:00:00Z') }],
  ])('destroys nothing when %s', async (_what, reason, order, around) => {
    const { tool, given, remove, say } = await givenApplied();
    await remove();

    if (order !== null) await say(order);

    expect(await remove(around)).toMatchObject({ decided: [{ reason }] });
    expect(tool.applied).toEqual([]);
    expect(given.state()).toMatchObject({ holder: null });
    expect(given.state().gone ?? null).toBeNull();
  });

  it('refuses an answer that is for another plan', async () => {
    const { remove, say } = await givenApplied();
    await remove();

    expect(await say({ action: 'APPROVE', digest: 'sha256:other' })).toMatchObject({
      decided: [{ reason: 'other_plan' }],
    });
  });

  it('refuses what the policy denies', async () => {
    const { tool, remove } = await givenApplied({ rules: { denyDestroy: true } });

    expect(await remove()).toMatchObject({
      decided: [{ reason: 'destroy_denied' }, { what: 'infrastructure removal ended', reason: 'destroy_denied' }],
    });
    expect(tool.applied).toEqual([]);
  });

  it('gives way to a newer run, also while a person is asked', async () => {
    const { given, remove } = await givenApplied();
    await remove();

    const newer = await given.aRun(2);
    expect(await given.work(newer)).toMatchObject({ kind: 'park', reason: 'infrastructure_lock' });
    expect(given.woken).toContainEqual({ jobId: 'removal-1', memo: { kind: 'superseded' } });

    expect(await remove()).toMatchObject({ decided: [{ reason: 'superseded' }] });
    const making = portsWith(fakeTool({ toAdd: 1 }));
    expect(await given.work(newer, { ports: making })).toMatchObject({ status: 'success' });
    expect(await remove()).toMatchObject({ decided: [{ reason: 'older_than_applied' }] });
  });

  it('never works while somebody releases in the environment, also when it was approved before', async () => {
    const { tool, given, remove, say } = await givenApplied();
    await remove();
    await say({ action: 'APPROVE' });
    const release = busyTarget();
    given.write({ key: 'acme/shop/production/web', expected: 0, target: release });

    expect(await remove()).toMatchObject({
      kind: 'park',
      reason: 'rollout_in_lane',
      message: expect.stringContaining('web'),
    });
    expect(tool.applied).toEqual([]);

    given.write({ key: 'acme/shop/production/web', expected: 1, target: { ...release, seizure: null } });
    expect(await remove()).toMatchObject({ decided: [{ reason: 'destroyed' }] });
  });

  it('lets a rollout go first that comes while it makes ready', async () => {
    const { tool, given, remove, say } = await givenApplied();
    await remove();
    await say({ action: 'APPROVE' });
    const { restore } = tool;
    tool.restore = async (plan, work) => {
      given.write({ key: 'acme/shop/production/web', expected: 0, target: busyTarget() });
      return restore(plan, work);
    };

    expect(await remove()).toMatchObject({ kind: 'park', reason: 'rollout_in_lane' });
    expect(given.state().holder).toMatchObject({ isApplying: false });
    expect(tool.applied).toEqual([]);
  });
});

async function givenCut() {
  const tool = fakeTool();
  const given = await givenApplied({ tool });
  await given.remove();
  await given.say({ action: 'APPROVE' });
  const { apply } = tool;
  tool.apply = async () => {
    throw new OrchestraError('INFRASTRUCTURE_CUT', 'Killed');
  };
  const ended = await given.remove();
  tool.apply = apply;
  return { ...given, ended };
}

describe('a removal that was cut', () => {
  it('is not repeated: it is looked at, and the environment waits for a person', async () => {
    const { given, ended, tool } = await givenCut();

    expect(ended).toMatchObject({ decided: [{ reason: 'none' }, { reason: 'apply_interrupted' }] });
    expect(given.state()).toMatchObject({ blocked: { destroys: true }, holder: null });
    expect(await given.work(await given.aRun(2))).toMatchObject({ reason: 'infrastructure_blocked' });
    expect(tool.applied).toEqual([]);
  });

  it('is told apart when its worker died, whoever ends it', async () => {
    const given = await givenApplied();
    await given.remove();
    const removal = given.removal();
    given.given.keep(given.run, { production: { outputs: {}, removal: { ...removal, phase: 'applying' } } });

    const conclusion = { status: 'error', reason: 'stalled', message: 'The workers died' } as const;
    await concludeRemoval(conclusion, { payload, given: given.attempt(), ports: portsWith(given.tool) });

    expect(given.given.state()).toMatchObject({
      blocked: { destroys: true, message: expect.stringContaining('died') },
    });
  });

  it.each([
    ['happened', { blocked: null, gone: { generation: 1 } }, []],
    ['did_not_happen', { blocked: null }, []],
    ['try_again', { blocked: null }, ['remove']],
  ])('goes on as a person says: %s', async (resolution, state, handlers) => {
    const { given, run } = await givenCut();
    const made: NewJob[] = [];
    const context = given.attempt(run);
    const store = { ...given.store, enqueue: async (job: NewJob) => void made.push(job) };

    const end = await handleOperatorCommand(anOrder({ action: 'RESOLVE', runId: run.runId, resolution }), {
      ...context,
      store: Object.assign(Object.create(null), store),
    });
    if (end.kind === 'end' && end.target !== undefined) given.write(end.target);

    expect(given.state()).toMatchObject({ ...state, resolved: null });
    expect(made.map(({ handler }) => handler)).toEqual(handlers);
  });
});

function busyTarget() {
  const seizure = { cause: 'c', runId: 'r', jobId: 'j', from: 'r2', to: 'r1', reason: 'breach', byPerson: false };
  const target = createTarget({ repository: 'acme/shop', environment: 'production', service: 'web' });
  return { ...target, seizure: { ...seizure, epoch: 1, at: '2026-01-01T00:00:00Z', ousted: null } };
}
