import { expect, it } from '@jest/globals';
import { OrchestraError } from '@orchestra/runtime';
import { readRecords } from '../../read-records.ts';
import { type Place, randomName, recordOf, recordsOf, setStage } from './place.ts';
import { read, textOf } from './reader.ts';

/** A range of topics is read once, without a group. */
export function testReading(place: Place): void {
  it('gives out everything that is in some topics, the records of a key in their order, and moves no position', async () => {
    const { bus, topic, group } = await setStage(place);
    const other = randomName('topic');
    await bus.ensureTopics([other]);
    await bus.publish([...recordsOf(topic, ['a', 'b', 'c'], 4), recordOf(other, 'k', 'elsewhere')]);

    const first = await readRecords(bus, { topics: [topic, other], from: { kind: 'oldest' } });
    const again = await readRecords(bus, { topics: [topic, other], from: { kind: 'oldest' } });
    const member = await read({ bus, group, topics: [topic] });
    await member.sees(['a-4', 'b-4', 'c-4']);

    const ofA = first.filter(({ key }) => key?.toString() === 'a').map(textOf);
    expect(ofA).toEqual(['a-1', 'a-2', 'a-3', 'a-4']);
    expect(first).toHaveLength(13);
    expect(again.map(textOf).toSorted()).toEqual(first.map(textOf).toSorted());
    expect(member.values()).toHaveLength(12);
  });

  it('ends behind what was there when it began', async () => {
    const { bus, topic } = await setStage(place);
    await bus.publish([recordOf(topic, 'k', 'before')]);
    const values: string[] = [];

    await bus.read({
      topics: [topic],
      from: { kind: 'oldest' },
      onRecord: async (record) => {
        values.push(textOf(record));
        await bus.publish([recordOf(topic, 'k', 'during')]);
      },
    });

    expect(values).toEqual(['before']);
  });

  it('begins where it is told to', async () => {
    const { bus, topic } = await setStage(place);
    await bus.publish(recordsOf(topic, ['k'], 4));
    const all = await readRecords(bus, { topics: [topic], from: { kind: 'oldest' } });
    const third = all[2];
    const { partition = 0, offset = '0' } = third ?? {};

    const rest = await readRecords(bus, { topics: [topic], from: { kind: 'offset', partition, offset } });
    const recent = await readRecords(bus, { topics: [topic], from: { kind: 'time', at: new Date(0) } });
    const future = await readRecords(bus, { topics: [topic], from: { kind: 'time', at: new Date('2999-01-01') } });

    expect(rest.map(textOf)).toEqual(['k-3', 'k-4']);
    expect(recent).toHaveLength(4);
    expect(future).toEqual([]);
  });

  it('gives nothing out of empty topics, and refuses one that does not exist', async () => {
    const { bus, topic } = await setStage(place);

    expect(await readRecords(bus, { topics: [topic], from: { kind: 'oldest' } })).toEqual([]);
    await expect(readRecords(bus, { topics: ['test-no-such-topic'], from: { kind: 'oldest' } })).rejects.toMatchObject({
      code: 'TOPIC_MISSING',
    });
  });

  it('ends with the failure of whoever reads', async () => {
    const { bus, topic } = await setStage(place);
    await bus.publish(recordsOf(topic, ['k'], 3));
    const seen: string[] = [];

    const reading = bus.read({
      topics: [topic],
      from: { kind: 'oldest' },
      onRecord: async (record) => {
        seen.push(textOf(record));
        throw new OrchestraError('REQUEST_INVALID', 'enough');
      },
    });

    await expect(reading).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
    expect(seen).toEqual(['k-1']);
  });
}
