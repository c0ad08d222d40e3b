import {
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

const maxBytes = 8 * 1024 ** 2;
const keptBytes = 1024 ** 2;
const capEveryMs = 5_000;

/** Opens the log of a release to write to its end. */
export function openLog(folder: string, release: string): number {
  mkdirSync(folder, { recursive: true });
  return openSync(join(folder, `${release}.log`), 'a', 0o600);
}

export interface LogLimits {
  /** From here on a log is cut. */
  maxBytes: number;
  /** The newest part, which stays. */
  keptBytes: number;
}

/**
 * Cuts the logs of a folder that have grown too large, and says so in their first line. Processes go on writing into the same
 * files; what they write in the very moment of the cut can be lost.
 */
export function capLogs(folder: string, limits: LogLimits = { maxBytes, keptBytes }): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) if (name.endsWith('.log')) capLog(join(folder, name), limits);
}

function capLog(path: string, limits: LogLimits): void {
  const file = openSync(path, 'r+');
  try {
    const { size } = fstatSync(file);
    if (size <= limits.maxBytes) return;
    const tail = Buffer.alloc(Math.min(size, limits.keptBytes));
    const read = readSync(file, tail, 0, tail.length, size - tail.length);
    const from = tail.indexOf(0x0a) + 1;
    ftruncateSync(file, 0);
    writeSync(file, `[the log was cut: ${size - read + from} bytes before this line are gone]\n`, 0);
    appendTail(path, tail.subarray(from, read));
  } finally {
    closeSync(file);
  }
}

function appendTail(path: string, tail: Buffer): void {
  const file = openSync(path, 'a');
  try {
    writeSync(file, tail);
  } finally {
    closeSync(file);
  }
}

/** Keeps the logs of a folder within their size for as long as this process runs. */
export function capLogsRegularly(folder: string): void {
  setInterval(() => {
    try {
      capLogs(folder);
    } catch (error) {
      // Standard error is supervisor.log. The next round tries again.
      process.stderr.write(`logs of releases could not be cut: ${String(error)}\n`);
    }
  }, capEveryMs).unref();
}
