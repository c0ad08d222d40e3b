import { isTopic, OrchestraError, topicNames } from '@orchestra/contracts';
import type { Clock } from '../ports/clock.ts';
import type { DeadLetter, DeadLetters, Disposal, OpenedLetter } from '../ports/dead-letters.ts';
import type { EventBus, IncomingRecord, OutgoingRecord } from '../ports/event-bus.ts';
import type { EventCodec } from '../ports/event-codec.ts';
import { deadLetterTopicOf, originalHeaders, readDeadLetter } from './read-dead-letter.ts';

interface Needs {
  bus: EventBus;
  codec: EventCodec;
  clock: Clock;
}

interface Kept {
  letter: DeadLetter;
  record: IncomingRecord;
}

/** Creates the view of the dead letters on a bus. Every call reads the topics: they are the only truth. */
export function createDeadLetters({ bus, codec, clock }: Needs): DeadLetters {
  return {
    async list({ topic, group }) {
      const kept = await readOpen(bus, topic);
      const letters = kept.map(({ letter }) => letter).filter((letter) => group === null || letter.group === group);
      return letters.toSorted((a, b) => a.at.localeCompare(b.at));
    },
    async open(id) {
      const { letter, record } = await find(bus, id);
      const value = record.value ?? Buffer.alloc(0);
      return { letter, value, headers: originalHeaders(record.headers), decoded: await decode(codec, letter, value) };
    },
    async replay(id, disposal) {
      const kept = await find(bus, id);
      // Together: where a batch is one step, a letter is published and closed at once.
      await bus.publish([originalOf(kept), markOf(kept, 'replayed', { ...disposal, at: clock.now() })]);
      return kept.letter;
    },
    async drop(id, disposal) {
      const kept = await find(bus, id);
      await bus.publish([markOf(kept, 'dropped', { ...disposal, at: clock.now() })]);
      return kept.letter;
    },
  };
}

async function readOpen(bus: EventBus, topic: string | null): Promise<Kept[]> {
  const topics = topicNames.filter((name) => topic === null || name === topic).map(deadLetterTopicOf);
  const kept = new Map<string, Kept>();
  const closed = new Set<string>();
  await bus.read({
    topics,
    from: { kind: 'oldest' },
    onRecord: async (record) => {
      const read = readDeadLetter(record);
      if (read.kind === 'mark') closed.add(read.of);
      else kept.set(read.letter.id, read);
    },
  });
  return [...kept.values()].filter(({ letter }) => !closed.has(letter.id));
}

async function find(bus: EventBus, id: string): Promise<Kept> {
  const topic = id.split(':')[0] ?? '';
  const kept = isTopic(topic) ? await readOpen(bus, topic) : [];
  const found = kept.find(({ letter }) => letter.id === id);
  if (found === undefined) throw new OrchestraError('NOT_FOUND', `No open dead letter ${id}`);
  return found;
}

async function decode(codec: EventCodec, { topic }: DeadLetter, value: Buffer): Promise<OpenedLetter['decoded']> {
  if (!isTopic(topic)) return { kind: 'unreadable', code: 'TOPIC_MISSING', message: `No topic ${topic}` };
  try {
    return { kind: 'payload', payload: await codec.decode(topic, value) };
  } catch (error) {
    if (!(error instanceof OrchestraError)) throw error;
    return { kind: 'unreadable', code: error.code, message: error.message };
  }
}

function originalOf({ letter, record }: Kept): OutgoingRecord {
  const { topic, key, group } = letter;
  const headers = { ...originalHeaders(record.headers), 'dlq.group': group };
  return { topic, key, value: record.value ?? Buffer.alloc(0), headers };
}

interface Marked extends Disposal {
  at: Date;
}

function markOf({ letter, record }: Kept, done: 'replayed' | 'dropped', { actor, reason, at }: Marked): OutgoingRecord {
  return {
    topic: record.topic,
    key: letter.key,
    // A record has a value: this one is for whoever reads the topic with another tool.
    value: Buffer.from(JSON.stringify({ deadLetter: letter.id, done, actor, reason })),
    headers: {
      'dlq.mark': done,
      'dlq.mark.of': letter.id,
      'dlq.mark.actor': actor,
      'dlq.mark.reason': (reason ?? '').slice(0, 1000),
      'dlq.at': at.toISOString(),
    },
  };
}
