import { describe, expect, it } from '@jest/globals';
import { harmless, harmlessText } from './harmless.ts';

describe('harmlessText', () => {
  it.each([
    ['an escape sequence', '\u001B[31mred', '\uFFFD[31mred'],
    ['a carriage return that hides what stands before it', 'rm -rf /\rls', 'rm -rf /\uFFFDls'],
    ['a change of direction', 'a\u202Eb', 'a\uFFFDb'],
    ['line ends of Windows', 'a\r\nb', 'a\nb'],
    ['newlines and tabs, which stay', 'a\n\tb', 'a\n\tb'],
  ])('replaces %s', (_what, text, shown) => {
    expect(harmlessText(text)).toBe(shown);
  });
});

describe('harmless', () => {
  it('keeps the shape of an answer, and cleans the texts and keys in it', () => {
    expect(harmless({ units: { 'a\u001B': { message: 'b\u0007', at: null, tries: [1, 'c\u009B'] } } })).toEqual({
      units: { 'a\uFFFD': { message: 'b\uFFFD', at: null, tries: [1, 'c\uFFFD'] } },
    });
  });
});
