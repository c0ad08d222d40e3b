import type { DeadLetter, DeadLetterRecord } from '../ports/dead-letters.ts';
import type { IncomingRecord } from '../ports/event-bus.ts';

const suffix = '.dlq';

/** The topic on which the dead letters of a topic lie. */
export function deadLetterTopicOf(topic: string): string {
  return `${topic}${suffix}`;
}

/** Reads a record of a dead-letter topic: a letter, or the mark that says what became of one. Throws nothing. */
export function readDeadLetter(record: IncomingRecord): DeadLetterRecord {
  const { headers } = record;
  const done = headers['dlq.mark'];
  if (done === 'replayed' || done === 'dropped') {
    return { kind: 'mark', of: headers['dlq.mark.of'] ?? '', done, actor: headers['dlq.mark.actor'] ?? '' };
  }
  return { kind: 'letter', letter: letterOf(record), record };
}

/** The headers of the original: without what was added when it was refused. */
export function originalHeaders(headers: IncomingRecord['headers']): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith('dlq.')));
}

function letterOf({ topic, partition, offset, key, value, headers, timestamp }: IncomingRecord): DeadLetter {
  const home = topic.slice(0, -suffix.length);
  const said = (name: string): string | null => headers[name] ?? null;
  const word = (name: string, otherwise = ''): string => headers[name] ?? otherwise;
  const from = said('dlq.original.partition');
  return {
    id: `${home}:${partition}:${offset}`,
    topic: word('dlq.original.topic', home),
    partition: from === null ? null : Number(from),
    offset: said('dlq.original.offset'),
    group: word('dlq.group'),
    reason: word('dlq.error.class'),
    message: word('dlq.error.message'),
    at: word('dlq.at', timestamp.toISOString()),
    writtenAt: said('dlq.original.timestamp'),
    key: key?.toString('utf8') ?? '',
    sizeBytes: value?.length ?? 0,
    eventId: said('ce_id'),
    runId: said('ce_correlationid'),
  };
}
