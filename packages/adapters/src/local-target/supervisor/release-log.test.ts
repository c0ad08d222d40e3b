import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { closeSync, mkdtempSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { capLogs, openLog } from './release-log.ts';

const limits = { maxBytes: 1_000, keptBytes: 100 };
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'release-log-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function read(): string {
  return readFileSync(join(folder, 'r1.log'), 'utf8');
}

describe('capLogs', () => {
  it('cuts a log that is too large, says so, and keeps the newest whole lines', () => {
    const log = openLog(folder, 'r1');
    for (let line = 100; line < 300; line += 1) writeSync(log, `line ${line}\n`);

    capLogs(folder, limits);

    expect(read()).toMatch(/^\[the log was cut: \d+ bytes before this line are gone\]\nline 289\n/);
    expect(read().endsWith('line 299\n')).toBe(true);
    closeSync(log);
  });

  it('lets the process go on writing into the same file', () => {
    const log = openLog(folder, 'r1');
    writeSync(log, 'x'.repeat(2_000));

    capLogs(folder, limits);
    writeSync(log, '\nafterwards\n');

    expect(read().split('\n').slice(-2)).toEqual(['afterwards', '']);
    expect(read().length).toBeLessThan(limits.maxBytes);
    closeSync(log);
  });

  it('leaves alone what is small enough', () => {
    const log = openLog(folder, 'r1');
    writeSync(log, 'small\n');

    capLogs(folder, limits);

    expect(read()).toBe('small\n');
    closeSync(log);
  });

  it('has nothing to do before the first release', () => {
    expect(() => capLogs(join(folder, 'missing'), limits)).not.toThrow();
  });
});
