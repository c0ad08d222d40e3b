import { describe, expect, it } from '@jest/globals';
import { createFakeClock, receiveUntilEnd } from '@orchestra/testkit';
import { countingRouter } from './counted-release.fixture.ts';
import { createService } from './service.ts';
import { aWatch, watchBegins } from './watched-events.fixture.ts';

/** A watch of a file that says nothing about it. */
async function play(phase: 'STEP' | 'RELEASED', perSecond: Parameters<typeof countingRouter>[1]) {
  const clock = createFakeClock(watchBegins);
  const service = createService({ measurements: countingRouter(clock, perSecond) });
  const { ended, attempts } = await receiveUntilEnd(service, aWatch({ phase, observability: {} }), clock);
  return { ended, attempts, seconds: (clock.now().getTime() - watchBegins.getTime()) / 1000 };
}

describe('a watch without any setting', () => {
  it('stays with a release for half an hour after its last step, and looks every five seconds', async () => {
    const { ended, attempts, seconds } = await play('RELEASED', () => [10, 0]);

    expect([seconds, attempts]).toEqual([1_800, 361]);
    expect(ended).toMatchObject({ status: 'success', events: [{ data: { verdict: 'HEALTHY', final: true } }] });
  });

  it('finds a release that turns bad long after its last step, by three bad samples', async () => {
    const { ended, seconds } = await play('RELEASED', (at) => (at <= 1_200 ? [10, 0] : [10, 4]));

    expect(seconds).toBe(1_215);
    expect(ended).toMatchObject({ status: 'failure', reason: 'threshold_breached' });
    expect(ended.events).toMatchObject([{ topic: 'observability_alert', data: { metric: 'error_ratio', value: 0.4 } }]);
  });

  it('takes a step back that nobody asked anything for as unclear, never as healthy', async () => {
    const { ended, seconds } = await play('STEP', () => [0, 0]);

    expect(seconds).toBe(300);
    expect(ended.events).toMatchObject([
      {
        topic: 'deployment_health',
        data: { verdict: 'INCONCLUSIVE', outcome: 'ERROR', reason: 'no_data', samples: 0 },
      },
    ]);
  });
});
