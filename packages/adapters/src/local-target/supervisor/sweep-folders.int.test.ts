import { describe, expect, it } from '@jest/globals';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sweepFolders } from './sweep-folders.ts';

const now = Date.parse('2026-01-02T00:00:00Z');
const hourMs = 3_600_000;

function givenRoot(): string {
  return mkdtempSync(join(tmpdir(), 'orchestra-sweep-'));
}

function givenFolder(root: string, name: string, ageMs: number): string {
  const folder = join(root, name);
  mkdirSync(join(folder, 'inside'), { recursive: true });
  writeFileSync(join(folder, 'inside', 'main.mjs'), '');
  const changedAt = new Date(now - ageMs);
  utimesSync(folder, changedAt, changedAt);
  return folder;
}

const digest = (letter: string) => letter.repeat(64);

describe('sweepFolders', () => {
  it('removes what no release uses, and nothing that one does', async () => {
    const root = givenRoot();
    const used = givenFolder(root, digest('a'), 30 * hourMs);
    givenFolder(root, digest('b'), 30 * hourMs);

    await sweepFolders({ root, needed: [used], now });

    expect(readdirSync(root)).toEqual([digest('a')]);
  });

  it.each([
    { what: 'an artifact that was unpacked just now', name: digest('a'), ageMs: 60_000, stays: true },
    { what: 'an artifact that nobody asked for any more', name: digest('a'), ageMs: hourMs, stays: false },
    { what: 'a draft that may still be written', name: '.draft-x1', ageMs: hourMs, stays: true },
    { what: 'a draft that a crash left', name: '.draft-x1', ageMs: 3 * hourMs, stays: false },
    { what: 'a folder whose removal a crash cut short', name: '.gone-x1', ageMs: 0, stays: false },
    { what: 'something that is not its own', name: 'notes', ageMs: 30 * hourMs, stays: true },
  ])('knows $what by name and age', async ({ name, ageMs, stays }) => {
    const root = givenRoot();
    const folder = givenFolder(root, name, ageMs);

    await sweepFolders({ root, needed: [], now });

    expect(existsSync(folder)).toBe(stays);
  });

  it('takes a folder out of the way before anything else can happen', () => {
    const root = givenRoot();
    const folder = givenFolder(root, digest('a'), hourMs);

    const sweeping = sweepFolders({ root, needed: [], now });

    expect(existsSync(folder)).toBe(false);
    return sweeping;
  });

  it('has nothing to do where nothing was ever unpacked', async () => {
    await expect(sweepFolders({ root: join(givenRoot(), 'artifacts'), needed: [], now })).resolves.toBeUndefined();
  });
});
