import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { listNames } from './list-names.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'list-names-'));
  for (const folder of ['infra/modules/deep', '.git', 'node_modules/x'])
    mkdirSync(join(root, folder), { recursive: true });
  for (const file of [
    'b.txt',
    'a.txt',
    'infra/main.tf',
    'infra/modules/deep/x.tf',
    '.git/config',
    'node_modules/x/i.js',
  ])
    writeFileSync(join(root, file), '');
  symlinkSync('/etc', join(root, 'out'));
  symlinkSync('b.txt', join(root, 'package.json'));
});
afterEach(() => rmSync(root, { recursive: true }));

describe('listNames', () => {
  it('names regular files as deep as it may, and no links, histories or installed packages', async () => {
    expect(await listNames(root, { folder: '.', maxDepth: 2, maxNames: 10 })).toEqual([
      'a.txt',
      'b.txt',
      'infra/main.tf',
    ]);
  });

  it('names no more than it may, and those of a folder relative to it', async () => {
    expect(await listNames(root, { folder: '.', maxDepth: 9, maxNames: 2 })).toEqual(['a.txt', 'b.txt']);
    expect(await listNames(root, { folder: 'infra', maxDepth: 1, maxNames: 9 })).toEqual(['main.tf']);
  });

  it('finds nothing in a folder that is not there, and refuses one outside', async () => {
    expect(await listNames(root, { folder: 'nowhere', maxDepth: 1, maxNames: 9 })).toEqual([]);
    await expect(listNames(root, { folder: 'out', maxDepth: 1, maxNames: 9 })).rejects.toMatchObject({
      code: 'PATH_OUTSIDE',
    });
  });
});
