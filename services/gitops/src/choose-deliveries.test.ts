import { describe, expect, it } from '@jest/globals';
import type { Delivery } from '@orchestra/adapters/forge';
import { chooseDeliveries } from './choose-deliveries.ts';

function attempt(id: number, guid: string, change: Partial<Delivery> = {}): Delivery {
  return { id, guid, event: 'push', deliveredAt: new Date(0), statusCode: 503, redelivery: false, ...change };
}

describe('chooseDeliveries', () => {
  it('repeats what nobody took, oldest first, whatever the answer was', () => {
    const deliveries = [
      attempt(3, 'c', { statusCode: 0 }),
      attempt(2, 'b', { event: 'pull_request' }),
      attempt(1, 'a'),
    ];

    expect(chooseDeliveries(deliveries)).toEqual([1, 2, 3]);
  });

  it('leaves what some attempt delivered, and events that make no run', () => {
    const deliveries = [
      attempt(3, 'a', { statusCode: 202, redelivery: true }),
      attempt(2, 'ping', { event: 'ping' }),
      attempt(1, 'a'),
    ];

    expect(chooseDeliveries(deliveries)).toEqual([]);
  });

  it('repeats the newest attempt of an event, and gives up after four', () => {
    const attempts = [4, 3, 2, 1].map((id) => attempt(id, 'a'));

    expect(chooseDeliveries(attempts.slice(1))).toEqual([3]);
    expect(chooseDeliveries(attempts)).toEqual([]);
  });
});
