import { describe, expect, it } from '@jest/globals';
import { hideSecrets } from './hide-secrets.ts';

describe('hideSecrets', () => {
  it.each([
    ['"shop": "git+https://ada:hunter22@example.org/x.git"', 'hunter22'],
    ['"scripts": {"publish": "NPM_TOKEN=abcdef123 npm publish"}', 'abcdef123'],
    ['"dbPassword": "correct horse"', 'correct horse'],
    ["api_key = 'k-123'", 'k-123'],
    ['//registry.example.org/:_authToken=zzz111', 'zzz111'],
    ['Authorization: Bearer abcdefghijkl', 'abcdefghijkl'],
    [`x: ghp_${'a'.repeat(36)}`, 'aaaa'],
    ['x: AKIAABCDEFGHIJKLMNOP', 'AKIAABCDEFGHIJKLMNOP'],
    ['-----BEGIN PRIVATE KEY-----\nMIIabc\n-----END PRIVATE KEY-----', 'MIIabc'],
    ['-----BEGIN PRIVATE KEY-----\nMIIcut', 'MIIcut'],
  ])('hides what %j holds', (text, secret) => {
    const shown = hideSecrets(text);

    expect(shown).not.toContain(secret);
    expect(shown).toContain('[secret]');
  });

  it('leaves a usual manifest as it is', () => {
    const text = '{"name":"shop","engines":{"node":">=24"},"dependencies":{"express":"^5.0.0"}}';

    expect(hideSecrets(text)).toBe(text);
  });
});
