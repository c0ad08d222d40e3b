import { describe, expect, it } from '@jest/globals';
import { createPrintable, printable } from './printable.ts';

describe('printable', () => {
  it.each([
    ['a\tb\n', 'a\tb\n'],
    ['one\r\ntwo\rthree', 'one\ntwo\nthree'],
    ['\u001B[31mred\u001B[0m', 'red'],
    ['\u001B]0;title\u0007x', 'x'],
    ['\u001B]8;;http://evil\u001B\\link', 'link'],
    ['bell\u0007 nul\u0000 c1\u009B', 'bell\uFFFD nul\uFFFD c1\uFFFD'],
    ['abc\u202Etxt', 'abc\uFFFDtxt'],
    ['über 😀', 'über 😀'],
  ])('shows %j as %j', (text, shown) => {
    expect(printable(text)).toBe(shown);
  });
});

describe('createPrintable', () => {
  it('gives the same text wherever the chunks are cut', () => {
    const bytes = Buffer.from('a\u001B[1;31mü😀\u001B]0;t\u001B\\b\r\nc\u001B(Bd');

    for (let cut = 0; cut <= bytes.length; cut += 1) {
      const text = createPrintable();
      const shown = text.write(bytes.subarray(0, cut)) + text.write(bytes.subarray(cut)) + text.end();

      expect(shown).toBe('aü😀b\ncd');
    }
  });

  it('shows invalid bytes as replacement characters', () => {
    const text = createPrintable();

    expect(text.write(Buffer.from([0x61, 0xff, 0xc3])) + text.end()).toBe('a\uFFFD\uFFFD');
  });

  it('keeps no more than a short tail of an endless escape sequence', () => {
    const text = createPrintable();

    const shown = text.write(Buffer.from(`\u001B]${'x'.repeat(100_000)}`));

    expect(shown.length).toBeGreaterThan(99_000);
  });
});
