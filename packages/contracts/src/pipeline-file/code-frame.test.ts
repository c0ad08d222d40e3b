import { describe, expect, it } from '@jest/globals';
import { renderCodeFrame } from './code-frame.ts';

describe('renderCodeFrame', () => {
  it('shows a line between its neighbours, with numbers of one width', () => {
    const rows = Array.from({ length: 12 }, (_, index) => `row${index + 1}`);

    expect(renderCodeFrame(rows, { line: 10, column: 3 })).toBe(
      ['   9 | row9', '> 10 | row10', '     |   ^', '  11 | row11'].join('\n'),
    );
  });

  it('begins with the first line where there is none before it', () => {
    expect(renderCodeFrame(['a'], { line: 1, column: 1 })).toBe('> 1 | a\n    | ^');
  });

  it('cuts long lines, and keeps the place in sight', () => {
    const frame = renderCodeFrame([`${' '.repeat(5000)}here${'x'.repeat(5000)}`], { line: 1, column: 5001 });

    const [shown = '', mark = ''] = frame.split('\n');
    expect(shown.length).toBeLessThan(120);
    expect(shown.slice(mark.indexOf('^'))).toMatch(/^here/);
  });

  it('shows a tab as one blank, so that the mark stands below its place', () => {
    expect(renderCodeFrame(['\ta: b'], { line: 1, column: 2 })).toBe('> 1 |  a: b\n    |  ^');
  });
});
