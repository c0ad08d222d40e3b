import { describe, expect, it } from '@jest/globals';
import { givenApproval, planAsking } from './given-approval.fixture.ts';

const two = planAsking('count: 2, approvers: [ada, grace], groups: [sre], expires_seconds: 3600');
const one = planAsking('expires_seconds: 3600');
const groups = new Map([['bob', ['sre']]]);

describe('a release that waits for approvals', () => {
  it('says before any effect what it asks, whom, until when, and what the pre-flight found', async () => {
    const given = givenApproval(two, { groups });

    const parked = await given.work();

    expect(parked).toMatchObject({
      kind: 'park',
      reason: 'approval',
      delayMs: 3_600_000,
      message: expect.stringContaining(
        '0 of 2 approvals (nobody) for sha256:a; 2 missing, of ada or grace or the group sre, not of the author linus, until 2026-01-01T01:00:00.000Z',
      ),
    });
    expect(given.shown()).toMatchObject({
      state: 'waiting',
      waitsFor: 'approval',
      approval: { state: 'waiting', artifact: 'sha256:a', digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) },
      preflight: { eligible: false, reason: 'nothing_healthy_before', risk: expect.any(Number) },
    });
    expect(given.effects).toEqual([]);
    expect(given.noted.map(({ what }) => what)).toEqual(['pre-flight', 'approval asked']);
  });

  it('begins when the last one has approved, naming the orders behind it', async () => {
    const given = givenApproval(two, { groups });
    await given.work();

    expect(await given.say({ actor: 'ada', reason: 'looked at it' })).toMatchObject({
      decided: [{ what: 'command accepted' }],
    });
    expect(await given.work()).toMatchObject({ kind: 'park', message: expect.stringContaining('1 missing') });
    await given.say({ actor: 'bob' });
    const begun = await given.work();

    expect(begun).toMatchObject({
      kind: 'end',
      status: 'running',
      reason: 'judging',
      events: [{ data: { phase: 'STEP', causes: ['order of ada', 'order of bob'] } }],
    });
    expect(given.shown()).toMatchObject({
      approval: { state: 'granted', approved: [{ actor: 'ada', note: 'looked at it' }, { actor: 'bob' }] },
      preflight: { reason: 'nothing_healthy_before' },
    });
    expect(given.output).toHaveLength(1);
  });

  it('waits on the answer after the last that it has read', async () => {
    const given = givenApproval(two);
    const first = await given.work();
    await given.say({ actor: 'ada' });
    const second = await given.work();

    const keys = [first, second].map((result) => (result.kind === 'park' ? result.answerKey : ''));
    expect(new Set(keys).size).toBe(2);
    expect(given.answers.has(keys[0] ?? '')).toBe(true);
    expect(given.answers.has(keys[1] ?? '')).toBe(false);
  });

  it('takes an answer that came before it asked', async () => {
    const asking = givenApproval(one);
    await asking.work();
    const given = givenApproval(one);

    await given.say({ digest: asking.shown()?.approval?.digest ?? null });

    expect(await given.work()).toMatchObject({ kind: 'end', reason: 'judging' });
  });

  it('ends as a failure when somebody says no', async () => {
    const given = givenApproval(two);
    await given.work();

    await given.say({ action: 'REJECT', actor: 'grace', reason: 'not on a Friday' });

    expect(await given.work()).toMatchObject({
      status: 'failure',
      reason: 'rejected',
      message: 'grace rejected the release: not on a Friday',
      events: [{ data: { phase: 'ABORTED', outcome: 'FAILURE', causes: ['order of grace'] } }],
    });
    expect(given.shown()?.approval?.state).toBe('rejected');
    expect(given.effects).toEqual([]);
  });

  it('ends as a failure when its time is over, and takes no answer then', async () => {
    const given = givenApproval(two);
    await given.work();
    await given.say({ actor: 'ada' });
    const late = '2026-01-01T01:00:00.000Z';

    expect(await given.say({ actor: 'grace', at: late })).toMatchObject({ decided: [{ reason: 'expired' }] });
    expect(await given.work({ now: late })).toMatchObject({
      status: 'failure',
      reason: 'approval_expired',
      message: '1 of 2 approvals were given until 2026-01-01T01:00:00.000Z',
    });
    expect(given.effects).toEqual([]);
  });

  it('ends when the run is cancelled, and asks nobody any more', async () => {
    const given = givenApproval(one);
    await given.work();

    expect(await given.work({ wish: 'cancel' })).toMatchObject({ status: 'cancelled' });
    expect(given.shown()?.approval?.state).toBe('ended');
    expect(await given.say()).toMatchObject({ decided: [{ what: 'command refused', reason: 'nothing_waits' }] });
  });

  it.each([
    [{ actor: 'eve' }, 'not_an_approver'],
    [{ actor: 'linus' }, 'not_an_approver'],
    [{ digest: 'sha256:other' }, 'other_version'],
    [{ digest: null }, 'digest_missing'],
  ])('refuses the order %p with %s', async (order, reason) => {
    const given = givenApproval(two);
    await given.work();

    expect(await given.say(order)).toMatchObject({ decided: [{ what: 'command refused', reason }] });
    expect(given.answers.size).toBe(0);
  });

  it('is not let through by a promotion, which counts nobody', async () => {
    const given = givenApproval(two);
    await given.work();

    expect(await given.say({ action: 'PROMOTE' })).toMatchObject({
      decided: [{ what: 'promote refused', reason: 'needs_approval' }],
    });
  });

  it('does not count the author, by the name that the forge gives and that the token has', async () => {
    const given = givenApproval(one);
    await given.work();

    expect(await given.say({ actor: 'Linus' })).toMatchObject({ decided: [{ reason: 'own_push' }] });
  });
});

describe('an approval', () => {
  it('is void for another artifact, and says so', async () => {
    const given = givenApproval(two);
    await given.work();
    await given.say({ actor: 'ada' });
    await given.work();
    const before = given.shown()?.approval?.digest ?? null;
    given.retried('sha256:b');

    const parked = await given.work();

    expect(parked).toMatchObject({
      kind: 'park',
      message: expect.stringContaining('the approval of ada in run #4 is void: it was for another artifact'),
    });
    expect(given.shown()?.approval).toMatchObject({
      approved: [],
      voided: [{ actor: 'ada', reason: 'artifact_changed' }],
    });
    expect(given.noted.at(-1)).toMatchObject({ what: 'approval void', reason: 'artifact_changed' });
    expect(await given.say({ actor: 'grace', digest: before })).toMatchObject({
      decided: [{ reason: 'other_version' }],
    });
  });

  it('holds for the same artifact that is made anew, and a no does not', async () => {
    const given = givenApproval(two);
    await given.work();
    await given.say({ actor: 'ada' });
    await given.say({ actor: 'grace', action: 'REJECT' });
    await given.work();
    given.retried();

    expect(await given.work()).toMatchObject({
      kind: 'park',
      message: expect.stringContaining('1 of 2 approvals (ada)'),
    });
  });

  it('has lapsed where the same artifact is made anew after the time that it holds for', async () => {
    const given = givenApproval(two);
    await given.work();
    await given.say({ actor: 'ada' });
    await given.work();
    given.retried();

    await given.work({ now: '2026-01-01T01:00:00.001Z' });

    expect(given.shown()?.approval).toMatchObject({ approved: [], voided: [{ actor: 'ada', reason: 'expired' }] });
  });

  it('that an older run was given is void for the newer one', async () => {
    const older = givenApproval(two);
    await older.work();
    await older.say({ actor: 'ada' });
    await older.work();
    await older.work({ wish: 'cancel' });
    const earlier = [{ ...older.run(), sequence: 3 }];
    const given = givenApproval(planAsking('count: 2, approvers: [ada, grace]'), { earlier });

    await given.work();

    expect(given.shown()?.approval?.voided).toEqual([{ actor: 'ada', reason: 'configuration_changed', run: 3 }]);
  });
});
