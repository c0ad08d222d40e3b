import { describe, expect, it } from '@jest/globals';
import { createFakeClock, receiveUntilEnd } from '@orchestra/testkit';
import { countingRouter } from './counted-release.fixture.ts';
import type { Outputs } from './ports.ts';
import { createService } from './service.ts';
import { aWatch, watchBegins } from './watched-events.fixture.ts';

/** A release with traffic that writes these lines between two looks. */
function givenOutput(lines: Readonly<Record<string, readonly string[] | null>>) {
  return (clock: { now: () => Date }) => {
    const outputs: Outputs = {
      async lines({ release, from }) {
        const written = lines[release];
        return written == null ? null : { lines: written, next: (from ?? 0) + 1 };
      },
    };
    return { outputs, measurements: countingRouter(clock, () => [10, 0]) };
  };
}

const observability = {
  interval_seconds: 5,
  step_watch_seconds: 30,
  max_wait_seconds: 60,
  log_patterns: [{ name: 'panics', pattern: '^panic:', fail_at: 1 }],
};

async function play(lines: Parameters<typeof givenOutput>[0]) {
  const clock = createFakeClock(watchBegins);
  return receiveUntilEnd(createService(givenOutput(lines)(clock)), aWatch({ phase: 'STEP', observability }), clock);
}

const panics = ['panic: no memory', 'fine', 'panic: again', 'no panic: here'];

describe('the output of a release', () => {
  it('is a breach when too many lines hold a pattern in three looks, with one of them', async () => {
    const { ended, attempts } = await play({ r1: [], r2: panics });

    // The first look only finds the end of the output.
    expect(attempts).toBe(4);
    expect(ended).toMatchObject({
      status: 'failure',
      message: 'panics is 2, over 1, compared with 0: panics: 2 lines, such as: panic: no memory',
      events: [{ topic: 'observability_alert', data: { metric: 'panics', value: 2, threshold: 1, baseline: 0 } }],
    });
  });

  it('is none of its doing when what serves beside it writes the same', async () => {
    const { ended } = await play({ r1: panics, r2: panics });

    expect(ended.events).toMatchObject([{ data: { metric: 'panics', attribution: 'ELSEWHERE' } }]);
  });

  it('may hold as many lines as the file allows', async () => {
    const { ended } = await play({ r1: [], r2: ['panic: once'] });

    expect(ended.events).toMatchObject([
      {
        data: {
          verdict: 'HEALTHY',
          checks: expect.arrayContaining([expect.objectContaining({ metric: 'panics', value: 1 })]),
        },
      },
    ]);
  });

  it('leaves the verdict open where it cannot be read', async () => {
    const { ended } = await play({ r1: null, r2: null });

    expect(ended.events).toMatchObject([{ data: { verdict: 'INCONCLUSIVE', reason: 'no_data' } }]);
  });
});
