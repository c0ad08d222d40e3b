import type { IncomingRecord } from './event-bus.ts';

/** A record that a consumer group could not accept, as it is kept. */
export interface DeadLetter {
  /** `<original topic>:<partition>:<offset>`, the place where the dead letter lies. */
  id: string;
  /** The topic of the original record, and where it was. */
  topic: string;
  partition: number | null;
  offset: string | null;
  /** The consumer group that refused it. */
  group: string;
  /** An error code, and the sentence for people. */
  reason: string;
  message: string;
  /** When it was refused, ISO 8601. */
  at: string;
  /** When the original was written, ISO 8601; null when that is not known. */
  writtenAt: string | null;
  key: string;
  sizeBytes: number;
  /** Id of the event and of its run, as far as the original headers name them. */
  eventId: string | null;
  runId: string | null;
}

/** A dead letter with the original record: value and headers as they were published. */
export interface OpenedLetter {
  letter: DeadLetter;
  value: Buffer;
  headers: Readonly<Record<string, string>>;
  /** The payload, when this version can read it; else why not. */
  decoded: { kind: 'payload'; payload: unknown } | { kind: 'unreadable'; code: string; message: string };
}

/** Who acts on a dead letter, and why. */
export interface Disposal {
  actor: string;
  reason: string | null;
}

export interface DeadLetterQuery {
  /** An original topic; null: all. */
  topic: string | null;
  /** A consumer group; null: all. */
  group: string | null;
}

/**
 * The records that services could not accept. A dead letter is open until somebody replays or drops it; a topic is only
 * ever appended to, so what became of a letter is a mark behind it on the same topic. Marks and letters are kept alike.
 *
 * All methods throw OrchestraError `BUS_UNAVAILABLE`, retriable. Those that name a letter throw `NOT_FOUND` when it does not
 * exist, is replayed or dropped, or has expired.
 */
export interface DeadLetters {
  /** The open ones, oldest first. */
  list(query: DeadLetterQuery): Promise<DeadLetter[]>;
  open(id: string): Promise<OpenedLetter>;
  /**
   * Publishes the original bytes to the original topic, addressed to the group that refused them; other groups skip them.
   * After an error the record may have been published: a second replay is dropped by its event id.
   */
  replay(id: string, disposal: Disposal): Promise<DeadLetter>;
  /** Closes the letter without publishing it. The bytes stay on the topic until they expire. */
  drop(id: string, disposal: Disposal): Promise<DeadLetter>;
}

/** A record of a dead-letter topic, and which kind it is. */
export type DeadLetterRecord =
  | { kind: 'letter'; letter: DeadLetter; record: IncomingRecord }
  | { kind: 'mark'; of: string; done: 'replayed' | 'dropped'; actor: string };
