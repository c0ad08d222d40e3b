import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { editDistance, suggestWord } from './suggest.ts';

describe('suggestWord', () => {
  it.each([
    ['contxt', 'context'],
    ['timeoutSeconds', 'timeout_seconds'],
    ['tolo', 'tool'],
    ['ENABLED', 'enabled'],
    ['zzz', null],
    ['', null],
    ['x'.repeat(1000), null],
  ])('answers %j with %j', (word, meant) => {
    expect(suggestWord(word, ['enabled', 'tool', 'context', 'timeout_seconds'])).toBe(meant);
  });
});

describe('editDistance', () => {
  it.each([
    ['', '', 0],
    ['a', '', 1],
    ['abc', 'acb', 1],
    ['kitten', 'sitting', 3],
  ])('between %j and %j is %i', (left, right, distance) => {
    expect(editDistance(left, right)).toBe(distance);
  });

  it('is the same in both directions, and zero only for equal words', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 });
    fc.assert(
      fc.property(word, word, (left, right) => {
        expect(editDistance(left, right)).toBe(editDistance(right, left));
        expect(editDistance(left, right) === 0).toBe(left === right);
      }),
    );
  });
});
