import { describe, expect, it } from '@jest/globals';
import type { Received } from '@orchestra/contracts';
import { answerKeyOf, type RestoredAnswer } from '@orchestra/runtime';
import { givenApproval, planAsking } from './given-approval.fixture.ts';
import { restoredApprovals } from './restored-approvals.ts';

const plan = planAsking('count: 2, approvers: [ada, grace], groups: [sre]');
const groups = new Map([['linus', ['sre']]]);

type World = ReturnType<typeof givenApproval>;

/** What a rebuild makes of the orders of a world, where the store is lost now. */
function restored(
  world: World,
  change: { pusher?: string | null; moves?: readonly Received<'deployment_triggered'>[] } = {},
) {
  const { slices } = world.run();
  const { pusher = 'bob', moves = [] } = change;
  const run = { folded: { slices }, identity: { author: 'Bob', pusher }, events: [...moves, ...world.orders] };
  return restoredApprovals(run, plan, groups);
}

/** As the store keeps them: in numbered places. */
function inPlaces(answers: readonly RestoredAnswer[]) {
  return answers.map(({ key, answer }, index) => [answerKeyOf({ key }, index + 1), answer]);
}

function keptIn({ answers }: World) {
  return [...answers].map(([key, text]): unknown[] => [key, JSON.parse(text)]);
}

describe('restoredApprovals', () => {
  it('are the answers that the store had, and none that was refused', async () => {
    const world = givenApproval(plan, { groups });
    await world.work();
    await world.say({ actor: 'ada', reason: 'tried it' });
    await world.say({ actor: 'eve' });
    await world.say({ actor: 'grace', digest: 'sha256:other' });
    await world.say({ actor: 'linus', action: 'REJECT' });

    expect(keptIn(world)).toHaveLength(2);
    expect(inPlaces(restored(world))).toEqual(keptIn(world));
  });

  it('are for what would be released now: another artifact makes them void', async () => {
    const world = givenApproval(plan, { groups });
    await world.work();
    await world.say({ actor: 'ada' });
    world.retried('sha256:b');

    expect(restored(world)).toEqual([]);
  });

  it('keep the generation in which a no was said', async () => {
    const world = givenApproval(plan, { groups });
    await world.work();
    await world.say({ actor: 'ada', action: 'REJECT' });
    world.retried();

    expect(restored(world)).toMatchObject([{ answer: { says: 'abort', generation: 1 } }]);
  });

  it('leave out what came when nobody was asked any more', async () => {
    const world = givenApproval(plan, { groups });
    await world.work();
    await world.say({ actor: 'ada', at: '2026-01-01T00:00:10.000Z' });
    const [order] = world.orders;

    expect(restored(world, { moves: [aMove(order, 5)] })).toEqual([]);
    expect(restored(world, { moves: [aMove(order, 20)] })).toHaveLength(1);
  });

  it.each([
    { who: 'who pushed', pusher: 'ADA', count: 0 },
    { who: 'anybody, where an older version has not told who pushed', pusher: null, count: 0 },
    { who: 'another one', pusher: 'bob', count: 1 },
    { who: 'an approver, where the forge told nobody', pusher: '', count: 1 },
  ])('of $who: $count', async ({ pusher, count }) => {
    const world = givenApproval(plan, { groups });
    await world.work();
    await world.say({ actor: 'ada' });

    expect(restored(world, { pusher })).toHaveLength(count);
  });
});

/** A step of production/web, so many seconds after the beginning of the year. */
function aMove(around: Received<'operator_command'> | undefined, seconds: number): Received<'deployment_triggered'> {
  if (around === undefined) throw new Error('Nobody has ordered anything');
  const time = new Date(Date.UTC(2026, 0, 1) + seconds * 1000);
  const place = { environment: 'production', service: 'web', url: null, causes: [], objects: null };
  const made = { release: 'r1', version: 'v', previousRelease: null, epoch: 1, step: 1, steps: 1, weightPercent: 100 };
  const data = { phase: 'STEP', outcome: null, reason: null, strategy: 'IMMEDIATE', ...place, ...made } as const;
  return { ...around, id: 'move', topic: 'deployment_triggered', source: 'deploy', time, data };
}
