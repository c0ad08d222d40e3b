import { RE2JS } from 're2js';

/** A compiled pattern for lines of a log. */
export interface LinePattern {
  /** Whether the pattern is anywhere in the first 1000 characters of a line. Takes time with the length of the line alone. */
  matches(line: string): boolean;
}

const longestPattern = 300;
const longestLine = 1000;
// What repeats within repeats can grow; beyond this a line takes milliseconds.
const largestProgram = 200;

/**
 * Compiles a pattern in the syntax of RE2, which has no backreferences and no lookaround, so that no pattern and no line can
 * take more than linear time.
 *
 * @returns the pattern, or what is wrong with it
 * @see "Syntax" of github.com/google/re2
 */
export function parseLinePattern(text: string): { ok: true; pattern: LinePattern } | { ok: false; problem: string } {
  if (text === '') return { ok: false, problem: 'must not be empty' };
  if (text.length > longestPattern) return { ok: false, problem: `must have at most ${longestPattern} characters` };
  try {
    const compiled = RE2JS.compile(text);
    if (compiled.programSize() > largestProgram) return { ok: false, problem: 'repeats too much: write it shorter' };
    return { ok: true, pattern: { matches: (line) => compiled.test(line.slice(0, longestLine)) } };
  } catch (error) {
    return { ok: false, problem: `is no pattern of RE2: ${error instanceof Error ? error.message : String(error)}` };
  }
}
