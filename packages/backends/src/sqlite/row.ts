import type { Row } from './database.ts';

// SQLite's columns are typed by the table, not by the compiler: these read them, and an unfit one is an error of ours.

export function textOf(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw new TypeError(`Column ${column} is no text`);
  return value;
}

export function maybeText(row: Row, column: string): string | null {
  return row[column] === null ? null : textOf(row, column);
}

export function numberOf(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== 'number') throw new TypeError(`Column ${column} is no number`);
  return value;
}

export function maybeNumber(row: Row, column: string): number | null {
  return row[column] === null ? null : numberOf(row, column);
}

export function flagOf(row: Row, column: string): boolean {
  return numberOf(row, column) === 1;
}

export function bytesOf(row: Row, column: string): Buffer {
  const value = row[column];
  if (!ArrayBuffer.isView(value)) throw new TypeError(`Column ${column} is no blob`);
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}

/** A time column as ISO 8601. */
export function timeOf(row: Row, column: string): string {
  const ms = numberOf(row, column);
  const known = written.get(ms);
  if (known !== undefined) return known;
  if (written.size >= mostWritten) written.clear();
  const text = new Date(ms).toISOString();
  written.set(ms, text);
  return text;
}

// The same few times are read over and over: those of the units of runs that are under way.
const written = new Map<number, string>();
const mostWritten = 10_000;

export function maybeTime(row: Row, column: string): string | null {
  return row[column] === null ? null : timeOf(row, column);
}
