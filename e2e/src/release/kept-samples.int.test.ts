import { describe, expect, it } from '@jest/globals';
import { targetKey, type JudgementPlan } from '@orchestra/contracts';
import { eventually, startTraffic } from '@orchestra/testkit';
import { closeAfterEach } from './close-after-each.ts';
import { place, unit } from './release-plan.ts';
import { servingIn, startReleaseWorld, type ReleaseWorld } from './release-world.ts';

const open = closeAfterEach();

const settings = { days: 3, minPoints: 50, tolerance: 0.25, warnPercent: 10, failPercent: 25 };
const judgement: JudgementPlan = {
  warmUpMs: 0,
  failureWindow: 2,
  onNoData: 'inconclusive',
  onNoTraffic: 'inconclusive',
  probes: [],
  windowMs: null,
  metrics: [],
  baseline: { with: 'previous', ...settings },
  objectives: null,
};

/** Whether a release is measured on, and rests until the next minute. */
async function isMeasured({ backends }: ReleaseWorld, runId: string): Promise<boolean> {
  const jobs = await backends.store.readJobs(runId);
  const keeping = jobs.find(({ handler }) => handler === 'keep_samples');
  const dueAt = Date.parse(keeping?.dueAt ?? '');
  return keeping?.parkReason === 'keep' && dueAt - Date.now() > 5_000;
}

describe('a release that others will be compared with', () => {
  it('has its samples kept, and is measured on when its watch and its run have ended, over a restart too', async () => {
    const world = await startReleaseWorld();
    open.push(async () => world[Symbol.asyncDispose]());
    const first = await world.push({ version: 'v1', observability: { judgement } });
    const traffic = startTraffic(await world.url(), { users: 2, restMs: 5 });
    open.push(async () => traffic.stop());

    expect(await world.ended(first, unit.observe)).toEqual({ status: 'success', reason: 'within_thresholds' });
    const isKept = { see: async () => isMeasured(world, first), until: (seen: boolean) => seen, timeoutMs: 120_000 };
    await eventually(isKept);
    await world.restart();
    await eventually(isKept);

    const [from, to] = [new Date(Date.now() - 3_600_000), new Date()].map((at) => at.toISOString());
    const samples = await world.backends.store.readSamples({
      target: targetKey(place),
      from: from ?? '',
      to: to ?? '',
    });
    expect(samples.length).toBeGreaterThan(0);
    expect(samples[0]).toMatchObject({ release: servingIn(await world.target()), values: { error_ratio: 0 } });
  });
});
