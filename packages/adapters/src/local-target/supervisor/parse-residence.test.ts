import { describe, expect, it } from '@jest/globals';
import { parseResidence } from './parse-residence.ts';

describe('parseResidence', () => {
  it('stays on the loopback where no address is given', () => {
    expect(parseResidence(undefined)).toEqual({ listen: '127.0.0.1', host: '127.0.0.1', port: 0, isKept: false });
  });

  it('is kept and open to its network where one is given', () => {
    expect(parseResidence('target:7000')).toEqual({ listen: '0.0.0.0', host: 'target', port: 7000, isKept: true });
  });

  it.each(['', 'target', 'target:', ':7000', 'a b:1', 'http://target:7000'])('refuses %j', (address) => {
    expect(() => parseResidence(address)).toThrow(/name:port/);
  });
});
