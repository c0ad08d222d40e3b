import { describe, expect, it } from '@jest/globals';
import type { RunState } from '@orchestra/contracts';
import { askerOf, changeEnvironment } from './environment.ts';
import { givenEnvironment, type GivenEnvironment } from './given-environment.fixture.ts';
import { fakeTool } from './given-tool.fixture.ts';
import { beginApply } from './lock.ts';

const destroying = { toDestroy: 1, destroys: ['db.a'] };

describe('the lock of an environment', () => {
  it('lets a newer run take the place of one whose plan waits for a person', async () => {
    const tool = fakeTool(destroying);
    const given = givenEnvironment(tool);
    const [older, newer] = [await given.aRun(1), await given.aRun(2)];
    await given.work(older);

    expect(await given.work(newer)).toMatchObject({ kind: 'park', reason: 'infrastructure_lock' });
    expect(given.woken).toMatchObject([{ jobId: 'job-1-1', memo: { kind: 'superseded' } }]);
    expect(await given.work(older)).toMatchObject({ status: 'cancelled', reason: 'superseded' });
    expect(given.woken.at(-1)).toMatchObject({ jobId: 'job-2-1', memo: { kind: 'take' } });
    expect(await given.work(newer)).toMatchObject({ kind: 'park', reason: 'plan_approval' });
  });

  it('has a run that plans give way before it applies', async () => {
    const tool = fakeTool();
    const given = givenEnvironment(tool);
    const [older, newer] = [await given.aRun(1), await given.aRun(2)];
    const { plan } = tool;
    tool.plan = async (work) => {
      tool.plan = plan;
      await given.work(newer);
      return plan(work);
    };

    expect(await given.work(older)).toMatchObject({ status: 'cancelled', reason: 'superseded' });
    expect(tool.applied).toEqual([]);
  });

  it('has a newer run wait until an apply is over', async () => {
    const tool = fakeTool();
    const given = givenEnvironment(tool);
    const [older, newer] = [await given.aRun(1), await given.aRun(2)];
    const { apply } = tool;
    tool.apply = async (planFile, work) => {
      tool.apply = apply;
      expect(await given.work(newer)).toMatchObject({ kind: 'park', reason: 'infrastructure_lock' });
      return apply(planFile, work);
    };

    expect(await given.work(older)).toMatchObject({ status: 'success' });
    expect(given.woken.at(-1)).toMatchObject({ jobId: 'job-2-1', memo: { kind: 'take' } });
    expect(await given.work(newer)).toMatchObject({ status: 'success' });
    expect(given.state()).toMatchObject({ applied: { sequence: 2 }, holder: null, waiter: null });
  });

  it('never lets an older run over what a newer one has applied', async () => {
    const tool = fakeTool();
    const given = givenEnvironment(tool);
    const [older, newer] = [await given.aRun(1), await given.aRun(2)];
    await given.work(newer);

    expect(await given.work(older)).toMatchObject({ status: 'cancelled', reason: 'older_than_applied' });
    expect(tool.applied).toHaveLength(1);
  });

  it.each([
    [false, { holder: { runId: 'run-2' }, blocked: null }],
    [true, { holder: null, blocked: { runId: 'run-1' } }],
  ])('is taken from a job that was lost with the store, unless it may have applied (%s)', async (isApplying, state) => {
    const tool = fakeTool(destroying);
    const given = givenEnvironment(tool);
    const older = await given.aRun(1);
    await given.work(older);
    if (isApplying) await loseWhileApplying(given, older);
    given.store.readJob = async () => null;

    await given.work(await given.aRun(2));

    expect(given.state()).toMatchObject(state);
  });
});

async function loseWhileApplying(given: GivenEnvironment, run: RunState): Promise<void> {
  const context = given.attempt(run);
  await changeEnvironment(context, (state) => {
    const next = beginApply(state, askerOf(context));
    return next === null ? null : { next };
  });
}
