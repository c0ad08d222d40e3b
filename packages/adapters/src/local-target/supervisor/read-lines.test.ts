import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readLines } from './read-lines.ts';

let folder: string;
let log: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'read-lines-'));
  log = join(folder, 'r1.log');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('readLines', () => {
  it('begins at the end, and reads each line once', () => {
    writeFileSync(log, 'before\n');
    const begun = readLines(log, null);
    appendFileSync(log, 'one\ntwo\nhal');

    const first = readLines(log, begun.next);
    appendFileSync(log, 'f\n');
    const second = readLines(log, first.next);

    expect([begun.text, first.text, second.text]).toEqual(['', 'one\ntwo\n', 'half\n']);
    expect(readLines(log, second.next)).toEqual({ text: '', next: second.next });
  });

  it('leaves out the oldest of too much, up to a whole line', () => {
    writeFileSync(log, 'aaaa\nbbbb\ncccc\n');

    expect(readLines(log, 0, 12)).toEqual({ text: 'bbbb\ncccc\n', next: 15 });
  });

  it('is not held up by a line without an end', () => {
    writeFileSync(log, 'x'.repeat(100));

    expect(readLines(log, 0, 10)).toMatchObject({ next: 100 });
  });

  it('begins anew at the end of a log that was cut', () => {
    writeFileSync(log, 'short\n');

    expect(readLines(log, 1_000)).toEqual({ text: '', next: 6 });
  });

  it('finds nothing where there is no log', () => {
    expect(readLines(log, 5)).toEqual({ text: '', next: 0 });
  });
});
