import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { findReleaseProblems } from './check-released-schemas.ts';

const released = join(import.meta.dirname, '../schemas/released');
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

describe('findReleaseProblems', () => {
  it('finds every released schema of this repository as it was released', () => {
    expect(findReleaseProblems(released)).toEqual([]);
  });

  it('names a released schema that was edited', () => {
    const folder = copyOfReleased();
    writeFileSync(join(folder, 'build_ready/1.avsc'), '{}');

    expect(findReleaseProblems(folder)).toEqual(['build_ready/1.avsc was edited after its release']);
  });

  it('names a released schema that was removed, and one that came by hand', () => {
    const folder = copyOfReleased();
    rmSync(join(folder, 'code_push/1.avsc'));
    writeFileSync(join(folder, 'code_push/7.avsc'), '{}');

    expect(findReleaseProblems(folder)).toEqual([
      'code_push/7.avsc is not in sha256sums.txt',
      'code_push/1.avsc was removed',
    ]);
  });
});

function copyOfReleased(): string {
  const folder = mkdtempSync(join(tmpdir(), 'released-'));
  folders.push(folder);
  cpSync(released, folder, { recursive: true });
  return folder;
}
