import { describe, expect, it } from '@jest/globals';
import { createFakeFlags, receive } from '@orchestra/testkit';
import { createService } from './service.ts';
import { aCanary, alert, givenWorld } from './world.fixture.ts';

/** The canary has what is new behind this flag; what is restored has that one, or none. */
function givenFlag(own: string, before?: string) {
  const { lane, ...rest } = aCanary();
  const history = rest.history.map((one) => {
    return before === undefined ? one : { ...one, manifest: { ...one.manifest, flag: before } };
  });
  const flagged = lane === null ? null : { ...lane, manifest: { ...lane.manifest, flag: own } };
  return givenWorld({ target: { ...rest, history, lane: flagged } });
}

describe('a rollback of a release behind a flag', () => {
  it('turns the flag off before the traffic goes back', async () => {
    const { around, ports, state } = givenFlag('checkout-v2');
    const flags = createFakeFlags();
    const change = async (one: Parameters<typeof flags.change>[0]) => {
      await flags.change(one);
      state.done.push(`flag ${one.flag} ${one.percent}`);
    };

    await receive(createService({ ...ports, flags: { change } }), {
      topic: 'observability_alert',
      data: alert,
      ...around,
    });

    expect(state.done.slice(0, 2)).toEqual(['flag checkout-v2 0', expect.stringContaining('give back to r1')]);
  });

  it('goes on when nobody answers for the flag, and says so', async () => {
    const { around, ports, state } = givenFlag('checkout-v2');
    const service = createService({ ...ports, flags: { change: () => Promise.reject(new Error('away')) } });

    const result = await receive(service, { topic: 'observability_alert', data: alert, ...around });

    expect(state.done[0]).toContain('give back to r1');
    expect(result).toMatchObject({ status: 'success', notes: expect.arrayContaining(['flag_not_lowered']) });
  });

  it('leaves a flag on that what is restored has too', async () => {
    const { around, ports } = givenFlag('checkout-v2', 'checkout-v2');
    const flags = createFakeFlags();

    await receive(createService({ ...ports, flags }), { topic: 'observability_alert', data: alert, ...around });

    expect(flags.changes).toEqual([]);
  });
});
