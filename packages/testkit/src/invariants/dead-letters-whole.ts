import { isTopic, topics } from '@orchestra/contracts';
import { groupOf } from '@orchestra/runtime';
import { inOrder, showRecord } from './show.ts';
import type { Shown, Violation } from './violation.ts';
import type { RecordFacts, WorldFacts } from './world-facts.ts';

/**
 * I6, second half: every group that met a record which can never be accepted has kept it, whole and with the reason; and
 * nothing lies there that could have been accepted.
 */
export function checkDeadLetters(facts: WorldFacts): Violation[] {
  const letters = facts.records.filter(({ topic }) => topic.endsWith(suffix));
  const refused = facts.records.filter((record) => isRefused(record, facts));
  return [
    ...refused.flatMap((record) => checkKept(record, letters, facts)),
    ...letters.flatMap((letter) => checkWhole(letter, facts)),
  ];
}

const suffix = '.dlq';

// A record without a run, as an order about a repository, belongs to nothing that could be unknown.
function isRefused({ topic, problem, event }: RecordFacts, { runs }: WorldFacts): boolean {
  if (!isTopic(topic)) return false;
  if (event === null) return problem !== null;
  return event.runId !== '' && !runs.some(({ state }) => state.runId === event.runId);
}

function checkKept(record: RecordFacts, letters: readonly RecordFacts[], { groups }: WorldFacts): Violation[] {
  const { topic, event } = record;
  if (!isTopic(topic) || record.headers['dlq.group'] !== undefined) return [];
  // What a service published itself is no news to it: it does not even look whether the run is known.
  const consumers = topics[topic].consumers.filter((service) => service !== event?.source).map(groupOf);
  const owing = consumers.filter((group) => groups.some((one) => one.group === group && one.topic === topic));
  return owing
    .filter((group) => !letters.some((letter) => letter.headers['dlq.group'] === group && isSame(letter, record)))
    .map((group) => violation(`a record that ${group} refused is not among its dead letters`, [showRecord(record)]));
}

function checkWhole(letter: RecordFacts, facts: WorldFacts): Violation[] {
  const { headers } = letter;
  const missing = needed.filter((name) => headers[name] === undefined || headers[name] === '');
  if (missing.length > 0) return [violation(`a dead letter does not say ${missing.join(', ')}`, [showRecord(letter)])];

  const topic = headers['dlq.original.topic'] ?? '';
  const originals = facts.records.filter((record) => record.topic === topic);
  const original = originals.find((record) => isSame(letter, record));
  if (original === undefined) {
    return [violation('a dead letter has not the bytes of any record of its topic', [showRecord(letter)])];
  }
  if (headers['dlq.error.class'] !== 'RUN_UNKNOWN' || isRefused(original, facts)) return [];
  const history = inOrder([showRecord(original), showRecord(letter)]);
  return [violation('a record of a run that is known was refused as unknown', history)];
}

const needed = ['dlq.original.topic', 'dlq.group', 'dlq.error.class', 'dlq.error.message', 'dlq.at'];

function isSame(letter: RecordFacts, record: RecordFacts): boolean {
  if (letter.topic !== `${record.topic}${suffix}` || letter.key !== record.key) return false;
  if (!bytesOf(letter).equals(bytesOf(record))) return false;
  return Object.entries(record.headers).every(([name, value]) => letter.headers[name] === value);
}

// A dead letter has a value, if only an empty one: without it Kafka would take it for a tombstone.
function bytesOf({ value }: RecordFacts): Buffer {
  return value ?? Buffer.alloc(0);
}

function violation(what: string, history: readonly Shown[]): Violation {
  return { invariant: 'I6', what, run: null, target: null, history };
}
