import { expect, it } from '@jest/globals';
import { eventually } from '../../eventually.ts';
import { type Place, recordOf, recordsOf, setStage } from './place.ts';
import { read, refuse, textOf } from './reader.ts';

/** What was not done comes again. */
export function testLater(place: Place): void {
  it('brings a record again that was answered later, after a rest, and loses or skips none', async () => {
    const { bus, topic, group } = await setStage(place);
    const postponedAt = new Map<string, number>();
    const rests: number[] = [];
    const records = recordsOf(topic, ['a', 'b', 'c'], 10);
    await bus.publish(records);

    const reader = await read({
      bus,
      group,
      topics: [topic],
      restMs: 150,
      answer: async (record) => {
        const value = textOf(record);
        const before = postponedAt.get(value);
        if (before !== undefined) rests.push(performance.now() - before);
        if (before !== undefined || !['a-3', 'b-7', 'c-10'].includes(value)) return 'done';
        postponedAt.set(value, performance.now());
        return 'later';
      },
    });
    await reader.sees(records.map(({ value }) => value.toString()));

    expect(rests).toHaveLength(3);
    // Timers of the system may be early by a millisecond.
    for (const rest of rests) expect(rest).toBeGreaterThan(148);
    for (const key of ['a', 'b', 'c']) {
      const ofKey = reader.values().filter((value) => value.startsWith(`${key}-`));
      expect(ofKey).toEqual(Array.from({ length: 10 }, (_, index) => `${key}-${index + 1}`));
    }
  });

  it('takes a handler that throws for later', async () => {
    const { bus, topic, group } = await setStage(place);
    let failures = 0;
    await bus.publish([recordOf(topic, 'k', 'hard'), recordOf(topic, 'k', 'next')]);

    const reader = await read({
      bus,
      group,
      topics: [topic],
      answer: async () => {
        failures += 1;
        if (failures <= 2) throw new Error('the store is down');
        return 'done';
      },
    });
    await reader.sees(['hard', 'next']);

    expect(reader.values()).toEqual(['hard', 'next']);
  });

  it('goes on behind what was done, in the next life of the group', async () => {
    const { bus, topic, group } = await setStage(place);
    await bus.publish(recordsOf(topic, ['a'], 3));
    const first = await read({ bus, group, topics: [topic] });
    await first.sees(['a-3']);
    await first.stop();

    await bus.publish([recordOf(topic, 'a', 'a-4')]);
    const second = await read({ bus, group, topics: [topic] });
    await second.sees(['a-4']);

    expect(second.values()).toEqual(['a-4']);
  });

  it('brings a record again in the next life of the group when it was to come later', async () => {
    const { bus, topic, group } = await setStage(place);
    await bus.publish(recordsOf(topic, ['a'], 3));
    const first = await read({ bus, group, topics: [topic], restMs: 60_000, answer: refuse });
    await eventually({ see: () => first.records.length, until: (count) => count > 0 });
    await first.stop();

    const second = await read({ bus, group, topics: [topic] });
    await second.sees(['a-1', 'a-2', 'a-3']);

    expect(second.values()).toEqual(['a-1', 'a-2', 'a-3']);
  });

  it('finishes the record in hand before it stops', async () => {
    const { bus, topic, group } = await setStage(place);
    const release = Promise.withResolvers<void>();
    const taken = Promise.withResolvers<void>();
    await bus.publish(recordsOf(topic, ['a'], 3));
    const first = await read({
      bus,
      group,
      topics: [topic],
      answer: async () => {
        taken.resolve();
        await release.promise;
        return 'done';
      },
    });
    await taken.promise;

    const stopped = first.stop();
    release.resolve();
    await stopped;
    const second = await read({ bus, group, topics: [topic] });
    await second.sees(['a-3']);

    expect([...first.values(), ...second.values()]).toEqual(['a-1', 'a-2', 'a-3']);
  });

  it('gives out nothing while it is paused, and keeps it', async () => {
    const { bus, topic, group } = await setStage(place);
    const reader = await read({ bus, group, topics: [topic] });
    await bus.publish([recordOf(topic, 'k', 'before')]);
    await reader.sees(['before']);

    reader.pause(true);
    await bus.publish([recordOf(topic, 'k', 'during'), recordOf(topic, 'other', 'as well')]);
    const pausedAt = performance.now();
    await eventually({ see: () => performance.now() - pausedAt, until: (age) => age > 700 });
    expect(reader.values()).toEqual(['before']);
    expect(reader.fetchAgeMs()).toBeLessThan(5_000);

    reader.pause(false);
    await reader.sees(['during', 'as well']);
    expect(reader.records).toHaveLength(3);
  });
}
