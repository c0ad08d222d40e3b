import { describe, expect, it } from '@jest/globals';
import { givenEnvironment } from './given-environment.fixture.ts';
import { fakeTool } from './given-tool.fixture.ts';
import { handleOperatorCommand } from './handle-operator-command.ts';
import { anOrder } from './given-order.fixture.ts';

const destroying = { toDestroy: 2, destroys: ['db.a', 'db.b'], replaces: ['db.b'] };
const later = new Date('2026-01-02T00:00:00Z');

async function givenQuestion(rules: object = {}) {
  const tool = fakeTool(destroying);
  const given = givenEnvironment(tool, rules);
  const run = await given.aRun();
  const parked = await given.work(run);
  const question = given.attempt(run).run.slices.iac['production']?.question;
  const say = (order: object) =>
    handleOperatorCommand(
      anOrder({ runId: run.runId, digest: question?.digest ?? null, ...order }),
      given.attempt(run),
    );
  return { tool, given, run, parked, question, say };
}

describe('a plan that destroys', () => {
  it('waits for a person, and says what for', async () => {
    const { tool, parked, question } = await givenQuestion({ approvers: ['ada'] });

    expect(parked).toMatchObject({
      kind: 'park',
      reason: 'plan_approval',
      delayMs: 86_400_000,
      message: expect.stringContaining(
        'waits for ada until 2026-01-02T00:00:00.000Z: +0 ~0 -2; destroys db.a; makes anew db.b',
      ),
    });
    expect(question).toMatchObject({ approvers: ['ada'], digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) });
    expect(tool.applied).toEqual([]);
  });

  it('is applied as it was approved, byte for byte', async () => {
    const { tool, given, run, say } = await givenQuestion();

    const order = await say({ action: 'APPROVE', actor: 'ada' });
    const ended = await given.work(run);

    expect(order).toMatchObject({ decided: [{ what: 'command accepted' }] });
    expect(ended).toMatchObject({ status: 'success', reason: 'applied', events: [{ data: { causes: ['order-1'] } }] });
    expect(tool.restored).toEqual(tool.applied);
    expect(tool.applied).toHaveLength(1);
  });

  it('is not applied when it was rejected', async () => {
    const { tool, given, run, say } = await givenQuestion();

    await say({ action: 'REJECT', actor: 'ada' });

    expect(await given.work(run)).toMatchObject({
      status: 'failure',
      reason: 'rejected',
      message: expect.stringContaining('ada'),
    });
    expect(tool.applied).toEqual([]);
    expect(given.state().holder).toBeNull();
  });

  it('is not applied when nobody answers in time', async () => {
    const { tool, given, run } = await givenQuestion();

    expect(await given.work(run, { now: later })).toMatchObject({ status: 'timed_out', reason: 'approval_expired' });
    expect(tool.applied).toEqual([]);
  });

  it('goes on waiting when something else wakes it', async () => {
    const { given, run } = await givenQuestion();

    expect(await given.work(run)).toMatchObject({ kind: 'park', reason: 'plan_approval' });
  });

  it('ends when the run is cancelled', async () => {
    const { given, run } = await givenQuestion();

    expect(await given.work(run, { wishes: ['cancel'] })).toMatchObject({ status: 'cancelled' });
    expect(given.state().holder).toBeNull();
  });

  it('is asked about anew in another generation, under another name when the commit is another', async () => {
    const { given, run, say, question } = await givenQuestion();
    await say({ action: 'APPROVE' });
    const next = await given.aRun(2);

    await given.work(next);

    expect(given.attempt(next).run.slices.iac['production']?.question?.digest).not.toBe(question?.digest);
    expect(await given.work(run)).toMatchObject({ status: 'cancelled', reason: 'superseded' });
  });

  it.each([
    ['another digest', { digest: 'sha256:other' }, 'other_plan'],
    ['no digest', { digest: null }, 'digest_missing'],
    ['somebody else', { actor: 'eve' }, 'not_an_approver'],
    ['another unit', { unit: 'iac/staging' }, 'nothing_waits'],
    ['another order', { action: 'PROMOTE' }, 'not_understood'],
  ])('refuses an answer with %s', async (_what, order, reason) => {
    const { given, say } = await givenQuestion({ approvers: ['ada'] });

    expect(await say({ action: 'APPROVE', actor: 'ada', ...order })).toMatchObject({
      decided: [{ what: 'command refused', reason }],
    });
    expect(given.answers.size).toBe(0);
  });

  it('refuses an answer after its time, and a second one', async () => {
    const { given, run, say, question } = await givenQuestion();
    const order = anOrder({ runId: run.runId, digest: question?.digest ?? null, action: 'APPROVE' });

    expect(await handleOperatorCommand(order, given.attempt(run, { now: later }))).toMatchObject({
      decided: [{ reason: 'expired' }],
    });
    await say({ action: 'APPROVE' });
    expect(await say({ action: 'REJECT' })).toMatchObject({ decided: [{ reason: 'already' }] });
  });
});
