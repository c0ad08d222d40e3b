import { describe, expect, it } from '@jest/globals';
import { createMask } from './create-mask.ts';

describe('createMask', () => {
  it.each([
    { values: ['hunter2'], text: 'password hunter2, again hunter2', masked: 'password [secret], again [secret]' },
    { values: ['secret-key', 'secret-key-2'], text: 'a secret-key-2', masked: 'a [secret]' },
    { values: ['first line\nsecond line\n'], text: '> second line <', masked: '> [secret] <' },
    { values: ['true', ''], text: 'this is true', masked: 'this is true' },
    { values: [], text: 'nothing', masked: 'nothing' },
    { values: ['a+b(c)*$'], text: 'is a+b(c)*$ here', masked: 'is [secret] here' },
  ])('hides $values in "$text"', ({ values, text, masked }) => {
    expect(createMask(values).whole(text)).toBe(masked);
  });

  it.each([
    ['in one piece', ['say hunter2 now']],
    ['in two', ['say hun', 'ter2 now']],
    ['letter by letter', 'say hunter2 now'.split('')],
  ])('hides a value that comes %s', (_how, pieces) => {
    expect(shownOf(pieces)).toBe('say [secret] now');
  });

  it('shows what only began like a value, at the latest at the end', () => {
    expect(shownOf(['hun', 'gry hunt'])).toBe('hungry hunt');
  });

  it('holds back no more than it has to', () => {
    const shown: string[] = [];

    createMask(['hunter2'])
      .stream((text) => void shown.push(text))
      .write('a line\nhu');

    expect(shown).toEqual(['a line\n']);
  });
});

function shownOf(pieces: readonly string[]): string {
  let shown = '';
  const stream = createMask(['hunter2']).stream((text) => {
    shown += text;
  });
  for (const piece of pieces) stream.write(piece);
  stream.end();
  return shown;
}
