import { expect, it } from '@jest/globals';
import { eventually } from '../../eventually.ts';
import { type Place, randomName, recordOf, recordsOf, setStage } from './place.ts';
import { read, refuse } from './reader.ts';

/** Groups get everything; members of a group share. */
export function testGroups(place: Place): void {
  it('gives everything to each of two groups', async () => {
    const { bus, topic } = await setStage(place);
    const one = await read({ bus, group: randomName('group'), topics: [topic] });
    const two = await read({ bus, group: randomName('group'), topics: [topic] });
    const records = recordsOf(topic, ['a', 'b'], 5);

    await bus.publish(records);
    await Promise.all([one, two].map(async (reader) => reader.sees(records.map(({ value }) => value.toString()))));

    expect(one.values().toSorted()).toEqual(two.values().toSorted());
    expect(one.values()).toHaveLength(10);
  });

  it('keeps one group going while the other waits', async () => {
    const { bus, topic } = await setStage(place);
    await read({ bus, group: randomName('group'), topics: [topic], answer: refuse });
    const other = await read({ bus, group: randomName('group'), topics: [topic] });

    await bus.publish(recordsOf(topic, ['a'], 5));
    await other.sees(['a-5']);

    expect(other.values()).toHaveLength(5);
  });

  it('lets the members of a group share the records, and those that stay take over from one that leaves', async () => {
    // An embedded bus belongs to one process, so there this is only the last part: a group that comes back.
    const { bus, topic, group } = await setStage(place);
    const keys = Array.from({ length: 40 }, (_, index) => `key${index}`);
    const first = await read({ bus, group, topics: [topic] });
    const second = place.harness().sharesGroups
      ? await read({ bus: await place.open(), group, topics: [topic] })
      : null;

    if (second !== null) {
      let round = 0;
      // While the group sorts itself out, the first member may still have all partitions.
      await eventually({
        see: async () => {
          round += 1;
          await bus.publish(keys.map((key) => recordOf(topic, key, `${key}-round${round}`)));
          return [first.values().length, second.values().length];
        },
        until: (counts) => counts.every((count) => count > 0),
      });
    }
    await first.stop();
    await bus.publish(keys.map((key) => recordOf(topic, key, `${key}-last`)));
    const left = second ?? (await read({ bus, group, topics: [topic] }));
    await left.sees(keys.map((key) => `${key}-last`));

    expect(first.values().filter((value) => value.endsWith('-last'))).toEqual([]);
  });
}
