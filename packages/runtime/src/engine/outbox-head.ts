import type { OutgoingRecord } from '../ports/event-bus.ts';
import type { HandedOver } from '../ports/run-store.ts';

/** A record of the outbox and where it lies there. */
export interface OutboxEntry {
  position: string;
  record: OutgoingRecord;
}

/** What a finish of this process stored. */
export interface Given {
  handed: HandedOver;
  records: readonly OutgoingRecord[];
  /** When the finish was asked for, and until when it gives the right to publish, on the monotonic clock. */
  atMs: number;
  heldUntilMs: number;
}

/**
 * What a process knows of the beginning of its outbox. The stored outbox is the truth and the order: what finishes hand
 * over is used only when it follows without a gap on what is known already; after a gap the outbox has to be read.
 */
export interface OutboxHead {
  /** Called when something was given or has to be read. */
  onNews(listener: () => void): void;
  /** Takes what a finish stored. */
  give(given: Given): void;
  /** Something may have been stored that nobody hands over: a hint came, or the time of a poll. */
  doubt(): void;
  /** Whether it has to be read, when nothing is left to take. */
  isDoubted(): boolean;
  /** Whether this process has the right to publish. */
  isHeld(nowMs: number): boolean;
  hold(untilMs: number): void;
  /** The next entries to publish, which are then known as published; empty: none is known, or the right is over. */
  take(nowMs: number, limit: number): readonly OutboxEntry[];
  /** A read begins: what is given from now on may be in it or behind it. */
  beginRead(): void;
  /** What the read gave; it is about to be published. `whole`: nothing is behind it. */
  endRead(entries: readonly OutboxEntry[], whole: boolean): void;
  /** Nothing is known any more: publishing failed, or another process publishes. */
  forget(): void;
}

interface Head {
  waiting: OutboxEntry[];
  /** The newest position up to which all is known. Null: none. */
  known: string | null;
  doubted: boolean;
  reading: boolean;
  heldUntilMs: number;
}

export function createOutboxHead(): OutboxHead {
  const head: Head = { waiting: [], known: null, doubted: true, reading: false, heldUntilMs: Number.NEGATIVE_INFINITY };
  const listeners = new Set<() => void>();
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  return {
    onNews: (listener) => void listeners.add(listener),
    give(given) {
      add(head, given);
      tell();
    },
    doubt() {
      head.doubted = true;
      tell();
    },
    isDoubted: () => head.doubted,
    isHeld: (nowMs) => nowMs < head.heldUntilMs,
    hold(untilMs) {
      head.heldUntilMs = untilMs;
    },
    take(nowMs, limit) {
      loseAt(head, nowMs);
      return head.waiting.splice(0, limit);
    },
    beginRead() {
      head.reading = true;
      head.doubted = false;
    },
    endRead(entries, whole) {
      head.reading = false;
      head.waiting = [];
      head.known = entries.at(-1)?.position ?? head.known;
      if (!whole) head.doubted = true;
    },
    forget: () => forget(head),
  };
}

function add(head: Head, { handed, records, atMs, heldUntilMs }: Given): void {
  loseAt(head, atMs);
  head.heldUntilMs = Math.max(head.heldUntilMs, heldUntilMs);
  if (head.reading || handed.after !== head.known) {
    head.doubted = true;
    return;
  }
  const entries = records.flatMap((record, index): OutboxEntry[] => {
    const position = handed.positions[index];
    return position === undefined ? [] : [{ position, record }];
  });
  head.waiting.push(...entries);
  head.known = handed.positions.at(-1) ?? head.known;
}

// Another process may have published meanwhile what waits here.
function loseAt(head: Head, nowMs: number): void {
  if (head.waiting.length > 0 && nowMs >= head.heldUntilMs) forget(head);
}

function forget(head: Head): void {
  head.waiting = [];
  head.known = null;
  head.doubted = true;
  head.reading = false;
}
