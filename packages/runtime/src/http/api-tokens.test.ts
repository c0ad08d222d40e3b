import { describe, expect, it } from '@jest/globals';
import { allowsRole, apiTokens, digestToken, findToken } from './api-tokens.ts';

const setting = `ada:admin:${digestToken('a-token')}, bob:viewer:${digestToken('b-token')}`;

describe('findToken', () => {
  it.each([
    ['Bearer a-token', 'ada'],
    ['Bearer b-token', 'bob'],
  ])('knows who sends %j', (header, name) => {
    expect(findToken(apiTokens.parse(setting), header)?.name).toBe(name);
  });

  it.each([
    undefined,
    '',
    'Bearer',
    'Bearer ',
    'Bearer a-toke',
    'Bearer a-token ',
    'bearer a-token',
    'Basic a-token',
    'a-token',
    `Bearer ${digestToken('a-token')}`,
    `Bearer ${'x'.repeat(100_000)}`,
  ])('knows nobody by %j', (header) => {
    expect(findToken(apiTokens.parse(setting), header)).toBeNull();
  });
});

describe('apiTokens', () => {
  it('is nobody by default', () => {
    expect(apiTokens.parse(undefined)).toEqual([]);
  });

  it.each(['ada', 'ada:admin:plain-token', `ada:root:${digestToken('x')}`, `ada:admin:${digestToken('x')}:x`])(
    'refuses %j without repeating it',
    (text) => {
      const { error } = apiTokens.safeParse(text);

      expect(error?.issues).toHaveLength(1);
      expect(error?.message).not.toContain(text);
    },
  );
});

describe('allowsRole', () => {
  it.each([
    ['viewer', 'viewer', true],
    ['viewer', 'operator', false],
    ['operator', 'viewer', true],
    ['operator', 'admin', false],
    ['admin', 'operator', true],
  ] as const)('lets a %s do what a %s may: %s', (role, needed, expected) => {
    expect(allowsRole(role, needed)).toBe(expected);
  });
});
