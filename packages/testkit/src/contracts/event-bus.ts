import { afterAll, afterEach, beforeAll, describe } from '@jest/globals';
import type { EventBus } from '@orchestra/runtime';
import { testCrash } from './event-bus/crash.ts';
import { testDelivery } from './event-bus/delivery.ts';
import { testGroups } from './event-bus/groups.ts';
import type { EventBusHarness } from './event-bus/harness.ts';
import { testLater } from './event-bus/later.ts';
import { testReading } from './event-bus/reading.ts';
import { testRefusals } from './event-bus/refusals.ts';

export type { EventBusHarness } from './event-bus/harness.ts';

/**
 * The promises of the port `EventBus`. Every backend passes it.
 *
 * @param create called once, before the first test
 */
export function testEventBus(name: string, create: () => Promise<EventBusHarness>): void {
  describe(`${name} as an event bus`, () => {
    let harness: EventBusHarness;
    let opened: EventBus[] = [];

    beforeAll(async () => {
      harness = await create();
    });
    afterEach(async () => {
      const buses = opened;
      opened = [];
      await Promise.all(buses.map(async (bus) => bus.close()));
    });
    afterAll(async () => harness.close());

    const place = {
      harness: () => harness,
      open: async () => {
        const bus = await harness.open();
        opened.push(bus);
        return bus;
      },
    };
    testDelivery(place);
    testLater(place);
    testGroups(place);
    testReading(place);
    testCrash(place);
    testRefusals(place);
  });
}
