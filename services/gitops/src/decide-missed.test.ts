import { describe, expect, it } from '@jest/globals';
import type { Head } from '@orchestra/runtime';
import { decideMissed, firstLookAt } from './decide-missed.ts';

const [first, second] = ['1'.repeat(40), '2'.repeat(40)];
const main = 'refs/heads/main';
const other = 'refs/heads/other';

function known(heads: Record<string, string>): Head[] {
  const rest = { runId: null, found: true, at: '2026-01-01T00:00:00.000Z' };
  return Object.entries(heads).map(([ref, commit]) => ({ ref, commit, ...rest }));
}

describe('decideMissed', () => {
  it('takes everything as it is at the first look ever, and says last that it looked', () => {
    const found = new Map([
      ['HEAD', first],
      [main, first],
      [other, second],
    ]);

    expect(decideMissed([], found)).toEqual([
      { kind: 'note', ref: main, expected: null, commit: first },
      { kind: 'note', ref: other, expected: null, commit: second },
      { kind: 'note', ref: 'HEAD', expected: null, commit: first },
    ]);
  });

  it('leaves alone at the first look what the forge has told of already', () => {
    const found = new Map([
      ['HEAD', second],
      [main, second],
    ]);

    expect(decideMissed(known({ [main]: first }), found)).toMatchObject([{ kind: 'note', ref: 'HEAD' }]);
  });

  it('remembers that it looked at an empty repository', () => {
    expect(decideMissed([], new Map())).toMatchObject([{ ref: 'HEAD', commit: '0'.repeat(40) }]);
  });

  it('finds the branches that moved and those that are new', () => {
    const found = new Map([
      ['HEAD', second],
      [main, second],
      [other, first],
    ]);

    expect(decideMissed(known({ HEAD: first, [main]: first }), found)).toEqual([
      { kind: 'missed', ref: main, expected: first, commit: second },
      { kind: 'missed', ref: other, expected: null, commit: first },
    ]);
  });

  it('finds nothing where nothing moved, and forgets a branch that is gone', () => {
    const heads = known({ HEAD: second, [main]: first, [other]: first });

    expect(decideMissed(heads, new Map([[main, first]]))).toEqual([
      { kind: 'note', ref: other, expected: first, commit: null },
    ]);
  });
});

describe('firstLookAt', () => {
  it('is the time of the first look, or null before it', () => {
    expect(firstLookAt(known({ HEAD: first }))).toBe('2026-01-01T00:00:00.000Z');
    expect(firstLookAt(known({ [main]: first }))).toBeNull();
  });
});
