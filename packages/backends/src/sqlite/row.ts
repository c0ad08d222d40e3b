import type { Row } from './database.ts';
import { remember } from './remember.ts';

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
  return writeTime(numberOf(row, column));
}

const writeTime = remember((ms: number) => new Date(ms).toISOString(), 10_000);

export function maybeTime(row: Row, column: string): string | null {
  return row[column] === null ? null : timeOf(row, column);
}
