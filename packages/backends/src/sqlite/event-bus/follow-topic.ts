import { OrchestraError } from '@orchestra/contracts';
import type { Intake, Subscribe } from '@orchestra/runtime';
import type { Database, Row } from '../database.ts';
import { numberOf } from '../row.ts';
import { createSignal, type Signal } from './signal.ts';
import { trimRecords } from './trim-records.ts';
import { toRecord } from './to-record.ts';
import type { Turns } from './turns.ts';

/** The reading of one topic for one member of a group. */
export interface Follower {
  /** 0 while it waits for something new: the hint comes from this process. */
  fetchAgeMs(): number;
  joined: Promise<void>;
  crashed: Promise<never>;
  pause(paused: boolean): void;
  stop(): Promise<void>;
}

export interface Following {
  database: Database;
  turns: Turns;
  wanted: Subscribe;
  topic: string;
  /** How long a record is kept that every known group has read. */
  keepMs: number;
}

/** The name under which readers of a topic are woken. */
export function topicWake(topic: string): string {
  return `topic:${topic}`;
}

interface Reader extends Following {
  ends: AbortController;
  signal: Signal;
  paused: boolean;
  fetchedAt: number | null;
  joined: () => void;
}

// The cursor moves once for so many records at most; a crash before that brings them again.
const batchSize = 100;

/** Begins to read a topic: one record at a time, in the order in which they were published. */
export function followTopic(following: Following): Follower {
  const joined = Promise.withResolvers<void>();
  const crash = Promise.withResolvers<never>();
  const signal = createSignal();
  const reader: Reader = {
    ...following,
    ends: new AbortController(),
    signal,
    paused: false,
    fetchedAt: null,
    joined: joined.resolve,
  };
  const stopListening = following.database.wakes.listen(topicWake(following.topic), signal.raise);
  const ended = follow(reader)
    .catch((cause: unknown) =>
      crash.reject(new OrchestraError('BUS_CRASHED', `Reading ${following.topic} ended`, { cause })),
    )
    .finally(stopListening);
  crash.promise.catch(() => undefined);
  return {
    fetchAgeMs: () => (reader.fetchedAt === null ? 0 : following.database.clock.monotonicMs() - reader.fetchedAt),
    joined: joined.promise,
    crashed: crash.promise,
    pause(paused) {
      reader.paused = paused;
      signal.raise();
    },
    async stop() {
      reader.ends.abort();
      signal.raise();
      await ended;
    },
  };
}

async function follow(reader: Reader): Promise<void> {
  const { turns, wanted, topic, ends } = reader;
  const turn = turns.take(`${wanted.group} ${topic}`, ends.signal);
  // A member without a turn has joined as well: it stands by, as a member without a partition does.
  reader.joined();
  const giveUp = await turn;
  if (giveUp === null) return;
  try {
    while (!ends.signal.aborted) await readOn(reader);
  } finally {
    giveUp();
  }
}

async function readOn(reader: Reader): Promise<void> {
  const { database, wanted, signal, ends } = reader;
  reader.fetchedAt = database.clock.monotonicMs();
  const rows = reader.paused ? [] : fetchRows(reader);
  if (rows.length === 0) {
    reader.fetchedAt = null;
    await signal.raised();
    return;
  }
  const intake = await giveOut(reader, rows);
  if (intake === 'done') return;
  reader.fetchedAt = null;
  // Ends early when the subscription is stopped.
  await database.clock.wait(wanted.restMs, ends.signal).catch(() => undefined);
}

const next = `SELECT * FROM bus_records WHERE topic = ?1
  AND position > (SELECT position FROM bus_cursors WHERE consumer = ?2 AND topic = ?1) ORDER BY position LIMIT ?3`;

function fetchRows({ database, wanted, topic }: Reader): Row[] {
  return database.poll(next, [topic, wanted.group, batchSize]);
}

/** Gives records out until one has to come again. The cursor moves behind the last one that was taken. */
async function giveOut(reader: Reader, rows: readonly Row[]): Promise<Intake> {
  let taken: number | null = null;
  let intake: Intake = 'done';
  for (const row of rows) {
    if (reader.paused || reader.ends.signal.aborted) break;
    intake = await offer(reader, row);
    if (intake === 'later') break;
    taken = numberOf(row, 'position');
  }
  if (taken === null) return intake;
  return (await moveCursor(reader, taken)) ? intake : 'later';
}

async function offer({ wanted }: Reader, row: Row): Promise<Intake> {
  try {
    return await wanted.onRecord(toRecord(row));
  } catch {
    // The consumer says what went wrong; for the bus it only means that the record has to come again.
    return 'later';
  }
}

/** False: trouble with the file that may pass, as when the disk is full. The records come again, and who has them knows them. */
async function moveCursor({ database, wanted, topic, keepMs }: Reader, position: number): Promise<boolean> {
  try {
    await database.step(() => {
      const move = 'UPDATE bus_cursors SET position = ? WHERE consumer = ? AND topic = ?';
      database.run(move, [position, wanted.group, topic]);
      trimRecords(database, topic, keepMs);
    });
    return true;
  } catch (error) {
    if (error instanceof OrchestraError && error.retriable) return false;
    throw error;
  }
}
