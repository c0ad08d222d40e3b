import { OrchestraError } from '@orchestra/contracts';
import type { RangeStart, TopicRange } from '@orchestra/runtime';
import type { Database, Row } from '../database.ts';
import { numberOf } from '../row.ts';
import { requireTopic } from './require-topic.ts';
import { toRecord } from './to-record.ts';

const batchSize = 500;

const next = `SELECT * FROM bus_records WHERE topic = ?1 AND position >= ?2 AND position <= ?3 AND at >= ?4
  ORDER BY position LIMIT ${batchSize}`;

/** Gives out the records of some topics up to the newest of now, topic by topic. Moves no cursor. */
export async function readRange(database: Database, { topics, from, onRecord }: TopicRange): Promise<void> {
  for (const topic of topics) requireTopic(database, topic);
  const newest = await database.step(() => database.get('SELECT max(position) AS position FROM bus_records'));
  const end = newest === null || newest['position'] === null ? 0 : numberOf(newest, 'position');
  for (const topic of topics) {
    for (const row of rowsOf(database, { topic, end, ...startOf(from) })) await onRecord(toRecord(row));
  }
}

interface Rows {
  topic: string;
  position: number;
  end: number;
  at: number;
}

// In batches: a topic may be larger than memory.
function* rowsOf(database: Database, { topic, position, end, at }: Rows): Iterable<Row> {
  let rows: Row[] = [];
  let start = position;
  do {
    rows = database.all(next, [topic, start, end, at]);
    yield* rows;
    const last = rows.at(-1);
    if (last !== undefined) start = numberOf(last, 'position') + 1;
  } while (rows.length === batchSize);
}

function startOf(from: RangeStart): Pick<Rows, 'position' | 'at'> {
  if (from.kind === 'time') return { position: 0, at: from.at.getTime() };
  const position = from.kind === 'offset' ? Number(from.offset) : 0;
  if (Number.isSafeInteger(position)) return { position, at: 0 };
  throw new OrchestraError('REQUEST_INVALID', 'The offset is no whole number');
}
