import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseLinePattern } from './line-pattern.ts';

function matches(pattern: string, line: string): boolean {
  const parsed = parseLinePattern(pattern);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.pattern.matches(line);
}

describe('parseLinePattern', () => {
  it.each([
    ['panic:|FATAL', 'goroutine 1: panic: nil', true],
    ['(?i)error', 'An ERROR', true],
    ['^ERROR\\b', 'no ERROR', false],
    ['status=5\\d\\d', 'status=503', true],
    ['\\p{Lu}{3}', 'abcÄÖÜ', true],
  ])('%s in %s: %s', (pattern, line, expected) => {
    expect(matches(pattern, line)).toBe(expected);
  });

  it.each(['', '[', '(?=a)', '(a)\\1', 'a{1001}', '((a{0,99}){0,99}){0,9}', '(?:a?){150}a{150}', 'x'.repeat(301)])(
    'refuses %j',
    (pattern) => {
      expect(parseLinePattern(pattern)).toEqual({ ok: false, problem: expect.any(String) });
    },
  );

  it.each(['(a+)+$', '^(a|aa)+$', '(.*)*=', '(x+x+)+y'])('is not held up by %s and a line made for it', (pattern) => {
    // Backtracking would take 2^900 steps here.
    expect(matches(pattern, `${'a'.repeat(900)}!`)).toBe(false);
  });

  it('looks at the beginning of a line only', () => {
    expect(matches('error', `${'a'.repeat(2000)}error`)).toBe(false);
  });

  it('never throws, whatever the pattern and the line are', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), fc.string(), (pattern, line) => {
        const parsed = parseLinePattern(pattern);
        return !parsed.ok || typeof parsed.pattern.matches(line) === 'boolean';
      }),
    );
  });
});
