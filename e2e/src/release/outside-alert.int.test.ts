import { describe, expect, it } from '@jest/globals';
import { findRelease, judgeRun } from '@orchestra/contracts';
import { eventually } from '@orchestra/testkit';
import { closeAfterEach } from './close-after-each.ts';
import { givenRelease } from './given-release.ts';
import { unit } from './release-plan.ts';
import { servingIn, type ReleaseWorld } from './release-world.ts';

const open = closeAfterEach();
const hourMs = 3_600_000;

/** A world in which a second release serves and was found healthy; `alert` is about it. */
async function givenSecondRelease(): Promise<{ world: ReleaseWorld; second: string; releasedAt: number }> {
  const world = await givenRelease(open);
  const second = await world.push({ version: 'v2' });
  expect(await world.ended(second, unit.observe)).toMatchObject({ status: 'success' });
  const record = findRelease(await world.target(), 'r2');
  return { world, second, releasedAt: Date.parse(record?.releasedAt ?? '') };
}

function alertAt(startsAt: number) {
  const labels = { alertname: 'CheckoutFails', service: 'web', environment: 'production' };
  const annotations = { value: '0.4', threshold: '0.05' };
  return { status: 'firing', labels, annotations, startsAt: new Date(startsAt).toISOString(), fingerprint: 'f1' };
}

describe('an alert from outside', () => {
  it('an hour after the release takes it back, once, and leaves the outcome of its run alone', async () => {
    const { world, second, releasedAt } = await givenSecondRelease();
    const alert = alertAt(releasedAt + hourMs);

    const statuses = [await world.alert([alert]), await world.alert([alert])];

    expect(statuses).toEqual([202, 202]);
    expect(await world.ended(second, unit.rollback)).toEqual({ status: 'success', reason: 'threshold_breached' });
    const target = await world.target();
    expect(servingIn(target)).toBe('r1');
    expect(target.rollbacks).toMatchObject([{ from: 'r2', to: 'r1', byPerson: false }]);
    const story = await world.story(second);
    expect(story.filter((what) => what === 'observability_alert')).toHaveLength(1);
    expect((await world.run(second)).units[unit.deploy]?.status).toBe('success');
    expect(judgeRun(await world.run(second))).toMatchObject({ kind: 'ended' });
  });

  it("that began before the release moves nothing and is in nobody's way", async () => {
    const { world, releasedAt } = await givenSecondRelease();

    await world.alert([alertAt(releasedAt - hourMs)]);

    await eventually({
      see: () => world.backends.store.readAudit(20),
      until: (entries) =>
        entries.some(({ outcome, reason }) => outcome === 'forwarded' && reason === 'older_than_release'),
    });
    expect(await world.target()).toMatchObject({ current: 'r2', rollbacks: [] });
    const third = await world.push({ version: 'v3' });
    expect(await world.ended(third, unit.deploy)).toEqual({ status: 'success', reason: 'watched' });
  });
});
