import { expect, it } from '@jest/globals';
import { type Place, randomName, recordOf, setStage } from './place.ts';
import { read } from './reader.ts';

/** What a bus refuses, and how. */
export function testRefusals(place: Place): void {
  it('reports a publish that failed as retriable', async () => {
    const bus = await place.harness().openUnreachable();

    const publish = bus.publish([recordOf(randomName('topic'), 'k', 'lost')]);

    await expect(publish).rejects.toMatchObject({ code: 'BUS_UNAVAILABLE', retriable: true });
    await bus.close();
  });

  it('refuses to subscribe to a topic that does not exist', async () => {
    const { bus, topic, group } = await setStage(place);
    const subscribe = {
      group,
      topics: [topic, 'test-no-such-topic'],
      restMs: 100,
      onRecord: async () => 'done' as const,
    };

    await expect(bus.subscribe(subscribe)).rejects.toMatchObject({ code: 'TOPIC_MISSING', retriable: false });
    await expect(bus.subscribe(subscribe)).rejects.toThrow('test-no-such-topic');
  });

  it('keeps the records of a topic that is ensured again', async () => {
    const { bus, topic, group } = await setStage(place);
    await bus.publish([recordOf(topic, 'k', 'kept')]);

    await bus.ensureTopics([topic, topic]);
    await bus.ensureTopics([topic, randomName('topic')]);
    const reader = await read({ bus, group, topics: [topic] });

    await reader.sees(['kept']);
    expect(reader.values()).toEqual(['kept']);
  });

  it('closes with a subscription that has not joined yet, and gives it nothing afterwards', async () => {
    const { bus, topic, group } = await setStage(place);
    const values: unknown[] = [];
    await bus.subscribe({
      group,
      topics: [topic],
      restMs: 100,
      onRecord: async ({ value }) => {
        values.push(value);
        return 'done';
      },
    });

    await bus.close();
    const after = await place.open();
    await after.publish([recordOf(topic, 'k', 'late')]);
    const reader = await read({ bus: after, group, topics: [topic] });

    await reader.sees(['late']);
    expect(values).toEqual([]);
  });
}
