import { expect, it } from '@jest/globals';
import { eventually } from '../../eventually.ts';
import { type Place, randomName, recordOf, recordsOf, setStage } from './place.ts';
import { read, textOf } from './reader.ts';

/** What is published arrives, whole and in the order of its key. */
export function testDelivery(place: Place): void {
  it('delivers key, value and headers untouched', async () => {
    const { bus, topic, group } = await setStage(place);
    const value = Buffer.from([0, 0xff, 0x80, 0x0a, 0, 0xc3]);
    const headers = { ce_id: 'a', 'content-type': 'application/avro', empty: '', umlaut: 'größer' };
    const before = Date.now();

    await bus.publish([{ topic, key: 'schlüssel', value, headers }]);
    const reader = await read({ bus, group, topics: [topic] });
    const [record] = await eventually({ see: () => reader.records, until: ({ length }) => length > 0 });

    expect(record).toMatchObject({ topic, key: Buffer.from('schlüssel'), value, headers });
    expect(record?.offset).toMatch(/^\d+$/);
    expect(Math.abs((record?.timestamp.getTime() ?? 0) - before)).toBeLessThan(60_000);
  });

  it('delivers an empty value as it is', async () => {
    const { bus, topic, group } = await setStage(place);

    await bus.publish([{ topic, key: 'k', value: Buffer.alloc(0), headers: {} }, recordOf(topic, 'k', 'next')]);
    const reader = await read({ bus, group, topics: [topic] });
    await reader.sees(['next']);

    expect(reader.records[0]?.value).toEqual(Buffer.alloc(0));
  });

  it('keeps the order of each key', async () => {
    const { bus, topic, group } = await setStage(place);
    const keys = ['a', 'b', 'c', 'd', 'e'];
    const records = recordsOf(topic, keys, 40);

    const reader = await read({ bus, group, topics: [topic] });
    // Two callers at once: each call keeps its order, and so does the sequence of calls.
    await Promise.all([bus.publish(records.slice(0, 100)), bus.publish(records.slice(100))]);
    await reader.sees(records.map(({ value }) => value.toString()));

    for (const key of keys) {
      const ofKey = reader.values().filter((value) => value.startsWith(`${key}-`));
      expect(ofKey).toEqual(Array.from({ length: 40 }, (_, index) => `${key}-${index + 1}`));
    }
  });

  it('gives out the records of a key one at a time', async () => {
    const { bus, topic, group } = await setStage(place);
    const open = new Set<string>();
    const overlaps: string[] = [];
    await bus.publish(recordsOf(topic, ['a', 'b'], 10));

    const reader = await read({
      bus,
      group,
      topics: [topic],
      answer: async (record) => {
        const key = String(record.key);
        if (open.has(key)) overlaps.push(textOf(record));
        open.add(key);
        await new Promise((resolve) => setImmediate(resolve));
        open.delete(key);
        return 'done';
      },
    });
    await reader.sees(['a-10', 'b-10']);

    expect(overlaps).toEqual([]);
  });

  it('delivers several topics to one subscription', async () => {
    const { bus, topic, group } = await setStage(place);
    const other = randomName('topic');
    await bus.ensureTopics([other]);

    const reader = await read({ bus, group, topics: [topic, other] });
    await bus.publish([recordOf(topic, 'k', 'here'), recordOf(other, 'k', 'there')]);
    await reader.sees(['here', 'there']);

    expect(reader.records.find((record) => textOf(record) === 'there')?.topic).toBe(other);
  });

  it('publishes nothing without complaint', async () => {
    const { bus } = await setStage(place);

    await expect(bus.publish([])).resolves.toBeUndefined();
  });

  it('shows that it is alive while there is nothing to deliver', async () => {
    const { bus, topic, group } = await setStage(place);
    const reader = await read({ bus, group, topics: [topic] });

    const startedAt = performance.now();
    await eventually({ see: () => performance.now() - startedAt, until: (age) => age > 1500 });

    expect(reader.fetchAgeMs()).toBeLessThan(1500);
  });
}
