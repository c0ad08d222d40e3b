import { describe, expect, it } from '@jest/globals';
import { matchesBranch } from './match-branch.ts';

describe('matchesBranch', () => {
  it.each([
    ['main', 'main', true],
    ['main', 'main2', false],
    ['main', 'amain', false],
    ['release/*', 'release/1', true],
    ['release/*', 'release/1/2', false],
    ['release/**', 'release/1/2', true],
    ['*', 'main', true],
    ['*', 'a/b', false],
    ['**', 'a/b', true],
    ['**/fix', 'a/b/fix', true],
    ['*-x-*', 'a-x-b', true],
    ['*-x-*', 'a-y-b', false],
    ['a.c', 'abc', false],
    ['', 'main', false],
    ['***', 'a/b', true],
  ])('says for %j and %j: %s', (pattern, branch, expected) => {
    expect(matchesBranch(pattern, branch)).toBe(expected);
  });

  it('takes no time for a pattern that was made to take long', () => {
    expect(matchesBranch(`${'**a'.repeat(80)}b`, 'a'.repeat(250))).toBe(false);
  });
});
