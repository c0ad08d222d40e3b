import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { replaceOnce } from './mutate.ts';
import { mutants } from './mutants.ts';

const root = join(import.meta.dirname, '../../../..');

describe('mutants', () => {
  it.each(mutants)('change their file: $name', async ({ name, file, changes }) => {
    const text = await readFile(join(root, file), 'utf8');

    const changed = changes.reduce((before, change) => replaceOnce(before, change, name), text);

    expect(changed).not.toBe(text);
  });

  it('say so when their text is no longer there', () => {
    expect(() => replaceOnce('other text', { from: 'a text', to: '' }, 'some mutant')).toThrow(/some mutant/);
  });

  it('say so when their text stands there twice', () => {
    expect(() => replaceOnce('a a', { from: 'a', to: 'b' }, 'some mutant')).toThrow(/2 times/);
  });

  it('are ten, each with a name of its own', () => {
    expect(new Set(mutants.map(({ name }) => name)).size).toBe(10);
  });
});
