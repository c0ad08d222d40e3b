import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';

const mostBytes = 256 * 1024;
const newLine = 0x0a;

/** Whole lines, and the place behind the last of them. */
export interface Lines {
  text: string;
  next: number;
}

/**
 * Reads the whole lines that stand in a log from a place on; of more than `most` bytes the oldest are left out. A log that
 * was cut meanwhile is read from its end on: which of its lines were read before, nobody knows.
 *
 * @param from in bytes; null: nothing is read, only the end of the log is found
 */
export function readLines(path: string, from: number | null, most = mostBytes): Lines {
  if (!existsSync(path)) return { text: '', next: 0 };
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    if (from === null || from > size) return { text: '', next: size };
    const begin = Math.max(from, size - most);
    const bytes = Buffer.alloc(size - begin);
    const read = bytes.subarray(0, readSync(file, bytes, 0, bytes.length, begin));
    return cutToLines(read, { begin, isMiddle: begin > from, most });
  } finally {
    closeSync(file);
  }
}

interface Cut {
  begin: number;
  /** Whether it begins somewhere in a line. */
  isMiddle: boolean;
  most: number;
}

function cutToLines(read: Buffer, { begin, isMiddle, most }: Cut): Lines {
  const first = isMiddle ? read.indexOf(newLine) + 1 : 0;
  const last = read.lastIndexOf(newLine) + 1;
  // A line that is longer than what is read at once is taken for one, or it would hold up all others.
  const end = last <= first && read.length >= most ? read.length : Math.max(first, last);
  return { text: read.toString('utf8', first, end), next: begin + end };
}
