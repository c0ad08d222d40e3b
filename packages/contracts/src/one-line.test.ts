import { describe, expect, it } from '@jest/globals';
import { oneLine } from './one-line.ts';

describe('oneLine', () => {
  it('makes one line of many', () => {
    expect(oneLine(' a\n  b\tc \n')).toBe('a b c');
  });
});
