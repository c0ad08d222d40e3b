import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLocalCodec } from '@orchestra/contracts';
import { createDeadLetters, type DeadLetters, type EventBus } from '@orchestra/runtime';
import { createFakeClock } from '../fake-clock.ts';
import { aBuildReady } from '../given-events.ts';
import { readRecords } from '../read-records.ts';

interface Harness {
  /** Has all topics of the platform, and one for the dead letters of each. */
  bus: EventBus;
  close(): Promise<void>;
}

const refused = 'not avro at all';
const person = { actor: 'ada', reason: 'the schema is registered now' };

/**
 * The promises of the port `DeadLetters` on one kind of bus.
 *
 * @param create called once, before the first test; other tests may write to the same topics meanwhile
 */
export function testDeadLetters(name: string, create: () => Promise<Harness>): void {
  describe(`dead letters on ${name}`, () => {
    let harness: Harness;
    let letters: DeadLetters;

    beforeAll(async () => {
      harness = await create();
      letters = createDeadLetters({ bus: harness.bus, codec: createLocalCodec(), clock: createFakeClock() });
    });
    afterAll(async () => harness.close());

    it('lists what a group refused, with its place and reason, and nothing of other groups', async () => {
      const group = await refuse(harness.bus);
      await refuse(harness.bus);

      const listed = await letters.list({ topic: 'build_ready', group });

      expect(listed).toEqual([
        {
          id: expect.stringMatching(/^build_ready:\d+:\d+$/),
          topic: 'build_ready',
          partition: 3,
          offset: '17',
          group,
          reason: 'EVENT_NOT_FRAMED',
          message: 'No framing',
          at: '2026-01-02T03:04:06.000Z',
          writtenAt: '2026-01-02T03:04:05.000Z',
          key: 'run-1',
          sizeBytes: refused.length,
          eventId: 'event-1',
          runId: 'run-1',
        },
      ]);
    });

    it('opens the original bytes and headers, and says why nobody can read them', async () => {
      const { id } = await only(letters, await refuse(harness.bus));

      const opened = await letters.open(id);

      expect(opened.value.toString()).toBe(refused);
      expect(opened.headers).toEqual({ ce_id: 'event-1', ce_correlationid: 'run-1' });
      expect(opened.decoded).toMatchObject({ kind: 'unreadable', code: 'EVENT_NOT_FRAMED' });
    });

    it('shows what the bytes say where this version can read them', async () => {
      const payload = aBuildReady();
      const value = await createLocalCodec().encode('build_ready', payload);
      const { id } = await only(letters, await refuse(harness.bus, value));

      const { decoded } = await letters.open(id);

      expect(decoded).toEqual({ kind: 'payload', payload });
    });

    it('replays the original bytes to the group that refused them, and lists the letter no more', async () => {
      const group = await refuse(harness.bus);
      const { id } = await only(letters, group);

      await letters.replay(id, person);

      const again = (await readRecords(harness.bus, { topics: ['build_ready'] })).filter(
        ({ headers }) => headers['dlq.group'] === group,
      );
      expect(again.map(({ key, value, headers }) => [key?.toString(), value?.toString(), headers])).toEqual([
        ['run-1', refused, { ce_id: 'event-1', ce_correlationid: 'run-1', 'dlq.group': group }],
      ]);
      expect(await letters.list({ topic: 'build_ready', group })).toEqual([]);
      await expect(letters.replay(id, person)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    });

    it('drops a letter without publishing it, and keeps who did it and why', async () => {
      const group = await refuse(harness.bus);
      const { id } = await only(letters, group);

      await letters.drop(id, person);

      const kept = await readRecords(harness.bus, { topics: ['build_ready.dlq'] });
      const marks = kept.filter(({ headers }) => headers['dlq.mark.of'] === id);
      expect(marks.map(({ headers }) => headers)).toMatchObject([
        { 'dlq.mark': 'dropped', 'dlq.mark.actor': 'ada', 'dlq.mark.reason': person.reason },
      ]);
      expect(kept.some(({ headers }) => headers['dlq.group'] === group)).toBe(true);
      const records = await readRecords(harness.bus, { topics: ['build_ready'] });
      expect(records.some(({ headers }) => headers['dlq.group'] === group)).toBe(false);
      expect(await letters.list({ topic: null, group })).toEqual([]);
      await expect(letters.open(id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    });

    it('knows no letter on a topic that is none of the platform', async () => {
      await expect(letters.open('no_topic:0:1')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    });
  });
}

/** Puts a record among the dead letters as intake does, for a group of a random name. */
async function refuse(bus: EventBus, value: Buffer = Buffer.from(refused)): Promise<string> {
  const group = `test-${randomUUID()}`;
  const headers = {
    ce_id: 'event-1',
    ce_correlationid: 'run-1',
    'dlq.original.topic': 'build_ready',
    'dlq.original.partition': '3',
    'dlq.original.offset': '17',
    'dlq.original.timestamp': '2026-01-02T03:04:05.000Z',
    'dlq.group': group,
    'dlq.error.class': 'EVENT_NOT_FRAMED',
    'dlq.error.message': 'No framing',
    'dlq.at': '2026-01-02T03:04:06.000Z',
  };
  await bus.publish([{ topic: 'build_ready.dlq', key: 'run-1', value, headers }]);
  return group;
}

async function only(letters: DeadLetters, group: string): Promise<{ id: string }> {
  const [first, ...more] = await letters.list({ topic: null, group });
  expect(more).toEqual([]);
  return first ?? { id: '' };
}
