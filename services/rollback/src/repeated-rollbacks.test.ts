import { describe, expect, it } from '@jest/globals';
import { createTarget, type Target } from '@orchestra/contracts';
import { anOperatorCommand, receive } from '@orchestra/testkit';
import { alert, givenWorld, place, released, takeAndStep } from './world.fixture.ts';

/** A target in which the first runs released one after the other. */
function afterReleases(count: number): Target {
  let target = createTarget(place);
  for (let sequence = 1; sequence <= count; sequence += 1) target = released(takeAndStep(target, sequence), sequence);
  return target;
}

type World = ReturnType<typeof givenWorld>;

/** An alert about a release, carried out to its end: what was told of it. */
async function alarm(world: World, release: string, id: string, at = new Date('2026-01-01T00:00:00Z')) {
  const event = { id, time: at };
  const result = await receive(world.service, {
    topic: 'observability_alert',
    data: { ...alert, release },
    event,
    now: at,
    ...world.around,
  });
  if (result?.kind !== 'end') throw new Error('it did not come to an end');
  if (result.target !== undefined) world.keep(result.target);
  return result;
}

/** A person's order to take r2 back. */
function order(world: World, id: string) {
  const named = { environment: 'production', service: 'web', release: 'r2' };
  const data = anOperatorCommand({ ...named, commandId: id, action: 'ROLLBACK', addressee: 'rollback' });
  return receive(world.service, { topic: 'operator_command', data, event: { id }, ...world.around });
}

const minute = (count: number) => new Date(Date.parse('2026-01-01T00:00:00Z') + count * 60_000);
const fixing = () => takeAndStep(afterReleases(2), 3);

const reasonsOf = (results: readonly Awaited<ReturnType<typeof alarm>>[]) => results.map(({ reason }) => reason);

function restoredIn({ state }: World): string[] {
  return state.done.filter((step) => step.startsWith('give back'));
}

describe('F21: a rollback of a rollback', () => {
  it('goes one release further back, never to what was taken back, and then stops', async () => {
    const world = givenWorld({ target: afterReleases(3) });

    const results = [
      await alarm(world, 'r3', 'a', minute(1)),
      await alarm(world, 'r2', 'b', minute(2)),
      await alarm(world, 'r1', 'c', minute(3)),
      await alarm(world, 'r1', 'd', minute(4)),
    ];

    expect(reasonsOf(results)).toEqual([
      'threshold_breached',
      'threshold_breached',
      'nothing_healthy_before',
      'nothing_healthy_before',
    ]);
    expect(restoredIn(world)).toHaveLength(2);
    expect(world.state.target).toMatchObject({ current: 'r1', seizure: null, lane: null });
  });

  it('does not run in circles: a cool-down bars the second one', async () => {
    const world = givenWorld({ target: afterReleases(3), rollback: { cooldownMs: 600_000 } });

    const results = [await alarm(world, 'r3', 'a'), await alarm(world, 'r2', 'b')];

    expect(reasonsOf(results)).toEqual(['threshold_breached', 'cooling_down']);
    expect(world.state.target.current).toBe('r2');
  });

  it('stops without a previous version, and people hear the reason', async () => {
    const world = givenWorld({ target: afterReleases(1) });

    const result = await alarm(world, 'r1', 'a');

    expect(result).toMatchObject({ reason: 'nothing_healthy_before', message: expect.stringContaining('No rollback') });
    expect(restoredIn(world)).toEqual([]);
  });

  it('stops when the artifact of the previous version is gone and it does not run', async () => {
    const world = givenWorld({ target: afterReleases(2) });
    world.ports.releases.look = async () => ({ releases: [{ release: 'r2', ready: 1, weight: 100 }] });

    const result = await alarm(world, 'r2', 'a');

    expect(result.reason).toBe('not_eligible');
    expect(world.state.writes).toEqual([]);
  });

  it('stops when all that came before is bad or holds the same version', async () => {
    const target = afterReleases(2);
    const [first, second] = target.history;
    if (first === undefined || second === undefined) throw new Error('two were released');
    const again = { ...target, history: [{ ...first, version: second.version }, second] };

    expect((await alarm(givenWorld({ target: again }), 'r2', 'a')).reason).toBe('previous_also_bad');
    const bad = { ...target, history: [{ ...first, health: 'bad' as const }, second] };
    expect((await alarm(givenWorld({ target: bad }), 'r2', 'a')).reason).toBe('previous_also_bad');
  });
});

describe('F22: an alert that flaps', () => {
  it('a hundred times in a minute makes one rollback', async () => {
    const world = givenWorld({ target: afterReleases(2) });
    const results = [];
    const begin = Date.parse('2026-01-01T00:00:00Z');

    for (let time = 0; time < 100; time += 1)
      results.push(await alarm(world, 'r2', `alert-${time}`, new Date(begin + time * 600)));

    expect(restoredIn(world)).toHaveLength(1);
    expect(new Set(reasonsOf(results.slice(1)))).toEqual(new Set(['not_current']));
    expect(world.state.target).toMatchObject({ current: 'r1', rollbacks: [{ from: 'r2', to: 'r1' }] });
  });

  it('for an older revision is ignored with a reason', async () => {
    const world = givenWorld({ target: afterReleases(3) });

    expect((await alarm(world, 'r1', 'a')).reason).toBe('not_current');
    expect((await alarm(world, 'r2', 'b')).reason).toBe('not_current');
    expect(world.state.writes).toEqual([]);
  });

  it('and was raised before its release was restored is stale', async () => {
    const world = givenWorld({ target: afterReleases(3) });
    await alarm(world, 'r3', 'a', new Date('2026-01-01T00:10:00Z'));

    const late = await alarm(world, 'r2', 'b', new Date('2026-01-01T00:05:00Z'));

    expect(late.reason).toBe('stale_alert');
    expect(world.state.target.current).toBe('r2');
  });
});

describe('an order that a person gives twice', () => {
  it('is one way back, told once', async () => {
    const world = givenWorld({ target: afterReleases(2) });
    const { giveBack } = world.ports.releases;
    let second: Awaited<ReturnType<typeof order>> = null;
    world.ports.releases.giveBack = async (back, signal) => {
      second ??= await order(world, 'b');
      return giveBack(back, signal);
    };

    const first = await order(world, 'a');

    expect(second).toMatchObject({
      status: null,
      events: [],
      decided: [{ what: 'command accepted' }, { what: 'rollback decided' }],
    });
    expect(first).toMatchObject({ status: 'success', target: { target: { current: 'r1' } } });
    expect(restoredIn(world)).toHaveLength(1);
  });
});

describe('a fix that is being deployed', () => {
  it('is left alone by an alert about the broken release that it replaces', async () => {
    const world = givenWorld({ target: fixing() });

    const result = await alarm(world, 'r2', 'a');

    expect(result).toMatchObject({ status: 'not_needed', reason: 'fix_under_way' });
    expect(world.state.target.lane).toMatchObject({ release: 'r3', state: 'judging' });
  });

  it('is not blocked by a broken stable: it is released, and the broken one is not what a failed fix goes back to', async () => {
    const broken = fixing();
    const history = broken.history.map((one) => (one.release === 'r2' ? { ...one, health: 'bad' as const } : one));
    const target = { ...broken, history };

    expect(released(target, 3)).toMatchObject({ current: 'r3', lane: null });

    const world = givenWorld({ target });
    await alarm(world, 'r3', 'a');
    expect(restoredIn(world)).toEqual([expect.stringContaining('give back to r1')]);
  });

  it('does not protect the broken release once it is on its way out itself', async () => {
    const { lane, ...target } = fixing();
    if (lane === null) throw new Error('it has the lane');
    const world = givenWorld({ target: { ...target, lane: { ...lane, state: 'failing' } } });

    expect((await alarm(world, 'r2', 'a')).reason).toBe('threshold_breached');
  });
});
