import type { EventBus, OutgoingRecord } from '@orchestra/runtime';
import { randomUUID } from 'node:crypto';
import type { EventBusHarness } from './harness.ts';

/** Where a test of the suite finds its bus. What it opens is closed behind it. */
export interface Place {
  harness(): EventBusHarness;
  open(): Promise<EventBus>;
}

/** A bus with a topic and a group that nobody else uses. */
export interface Stage {
  bus: EventBus;
  topic: string;
  group: string;
}

/** Opens a bus and makes a topic of a random name. */
export async function setStage(place: Place): Promise<Stage> {
  const bus = await place.open();
  const topic = randomName('topic');
  await bus.ensureTopics([topic]);
  return { bus, topic, group: randomName('group') };
}

/** A name that no other test uses. */
export function randomName(word: string): string {
  return `test-${word}-${randomUUID()}`;
}

/** A record of a key whose value is a text. */
export function recordOf(topic: string, key: string, value: string): OutgoingRecord {
  return { topic, key, value: Buffer.from(value), headers: { ce_id: value } };
}

/** `count` records of each key, the keys taking turns; values are `<key>-<number>`, from 1. */
export function recordsOf(topic: string, keys: readonly string[], count: number): OutgoingRecord[] {
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  return numbers.flatMap((number) => keys.map((key) => recordOf(topic, key, `${key}-${number}`)));
}
