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
import { createHash } from 'node:crypto';
import { join } from 'node:path';

const maxBytes = 8 * 1024 ** 2;
const keptBytes = 1024 ** 2;
const capEveryMs = 5_000;

/** The name of the log of a release: each target counts its releases from 1. */
export function logName(target: string, release: string): string {
  return `${release}-${createHash('sha256').update(target).digest('hex').slice(0, 16)}`;
}

/** Where the log of this name is. */
export function logPath(folder: string, name: string): string {
  return join(folder, `${name}.log`);
}

/** Opens the log of this name to write to its end. */
export function openLog(folder: string, name: string): number {
  mkdirSync(folder, { recursive: true });
  return openSync(logPath(folder, name), 'a', 0o600);
}

/** The newest part of the log of this name; empty: there is none. */
export function readLog(folder: string, name: string, most: number): string {
  const path = logPath(folder, name);
  if (!existsSync(path)) return '';
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const tail = Buffer.alloc(Math.min(size, most));
    const read = readSync(file, tail, 0, tail.length, size - tail.length);
    return tail.toString('utf8', 0, read);
  } finally {
    closeSync(file);
  }
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
