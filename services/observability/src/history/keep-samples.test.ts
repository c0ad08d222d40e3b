import { describe, expect, it } from '@jest/globals';
import type { Target } from '@orchestra/contracts';
import type { Result } from '@orchestra/runtime';
import { aContext, createFakeClock } from '@orchestra/testkit';
import { countingRouter } from '../counted-release.fixture.ts';
import { createService } from '../service.ts';
import { servingTarget } from '../serving-target.fixture.ts';
import { aWatch, watchBegins } from '../watched-events.fixture.ts';
import { createKeptSamples, everyMinute } from './kept-samples.fixture.ts';

const payload = { environment: 'production', service: 'web', release: 'r2', epoch: 7 };

/** The task with a router, called again and again until it ends or has looked so often. */
async function keep(looks: number, { before = [], targetAt = () => servingTarget('run-2') }: Given = {}) {
  const clock = createFakeClock(watchBegins);
  const service = createService({ measurements: countingRouter(clock, () => [100, 2]) });
  const { kept, store } = createKeptSamples(before);
  const { plan } = aWatch({
    phase: 'RELEASED',
    observability: { baseline: { with: 'earlier_days' }, interval_seconds: 2 },
  });
  const delays: (number | null)[] = [];
  let memo: unknown = null;
  for (let look = 1; look <= looks; look += 1) {
    const target = JSON.stringify(targetAt(look));
    const readTarget = async (key: string) => ({ key, version: 1, target });
    const context = aContext('observability', {
      plan,
      now: clock.now(),
      job: { memo },
      store: { ...store, readTarget },
    });
    const result: Result<'observability'> | undefined = await service.tasks?.['keep_samples']?.handle(payload, context);
    if (result?.kind !== 'park') return { kept, delays, ended: result };
    delays.push(result.delayMs);
    memo = JSON.parse(JSON.stringify(result.memo));
    await clock.advance(result.delayMs ?? 0);
  }
  return { kept, delays, ended: undefined };
}

interface Given {
  before?: Parameters<typeof createKeptSamples>[0];
  targetAt?: (look: number) => Target;
}

describe('keepSamples', () => {
  it('looks twice a minute, as far apart as a watch, and keeps what was between', async () => {
    const { kept, delays } = await keep(6);

    expect(delays).toEqual([2_000, 58_000, 2_000, 58_000, 2_000, 58_000]);
    expect(kept.map(({ at }) => at.slice(11, 19))).toEqual(['12:00:02', '12:01:02', '12:02:02']);
    expect(kept[0]).toMatchObject({ release: 'r2', values: { error_ratio: 0.02, latency_ms: 95 } });
  });

  it.each([
    { what: 'another release serves', change: { current: 'r3' }, reason: 'replaced' },
    { what: 'it was taken back', change: { current: null, history: [] }, reason: 'no_longer_serves' },
  ])('ends when $what', async ({ change, reason }) => {
    const targetAt = (look: number) => ({ ...servingTarget('run-2'), ...(look < 4 ? {} : change) });

    const { ended, kept } = await keep(6, { targetAt });

    expect(kept).toHaveLength(1);
    expect(ended).toMatchObject({ kind: 'end', status: null, events: [], decided: [{ reason }] });
  });

  it('leaves the minutes to another one that keeps them', async () => {
    const before = everyMinute(
      watchBegins.getTime(),
      'r2',
      Array.from({ length: 10 }, () => ({ latency_ms: 1 })),
    );

    const { ended, kept } = await keep(20, { before });

    expect(ended).toMatchObject({ decided: [{ reason: 'kept_by_another' }] });
    expect(kept).toHaveLength(10);
  });
});
