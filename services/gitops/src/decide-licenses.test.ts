import { describe, expect, it } from '@jest/globals';
import { decideLicenses } from './decide-licenses.ts';
import { parseNpmLockfile } from './parse-lockfile.ts';

function judge(license: string | null, policy: { deny?: string[]; allow?: string[] }): string {
  const judged = decideLicenses([{ name: 'x', version: '1.0.0', license }], { deny: [], allow: [], ...policy });
  return judged[0]?.verdict ?? 'allowed';
}

describe('decideLicenses', () => {
  it.each([
    ['MIT', { deny: ['GPL-3.0-only'] }, 'allowed'],
    ['GPL-3.0-only', { deny: ['GPL-3.0-only'] }, 'denied'],
    ['MIT', { allow: ['MIT'] }, 'allowed'],
    ['ISC', { allow: ['MIT'] }, 'denied'],
    ['MIT OR GPL-3.0-only', { deny: ['GPL-3.0-only'] }, 'allowed'],
    ['(MIT AND GPL-3.0-only)', { deny: ['GPL-3.0-only'] }, 'denied'],
    ['MIT AND (ISC OR GPL-3.0-only)', { deny: ['GPL-3.0-only'] }, 'allowed'],
    ['GPL-2.0-only WITH Classpath-exception-2.0', { deny: ['GPL-2.0-only'] }, 'denied'],
    ['MIT OR GPL-3.0-only AND ISC', { deny: ['MIT'] }, 'allowed'],
    [null, { deny: ['GPL-3.0-only'] }, 'unknown'],
    ['', { deny: ['GPL-3.0-only'] }, 'unknown'],
    ['(MIT', { allow: ['MIT'] }, 'unknown'],
    ['MIT)', { allow: ['MIT'] }, 'unknown'],
    ['MIT OR', { allow: ['MIT'] }, 'unknown'],
    ['OR', { allow: ['MIT'] }, 'unknown'],
  ])('judges %j under %j as %s', (license, policy, expected) => {
    expect(judge(license, policy)).toBe(expected);
  });

  it('tells what is denied first, and nothing of what is allowed', () => {
    const packages = [
      { name: 'a', version: '1', license: null },
      { name: 'b', version: '1', license: 'MIT' },
      { name: 'c', version: '1', license: 'GPL-3.0-only' },
    ];

    const judged = decideLicenses(packages, { deny: ['GPL-3.0-only'], allow: [] });

    expect(judged.map(({ name, verdict }) => [name, verdict])).toEqual([
      ['c', 'denied'],
      ['a', 'unknown'],
    ]);
  });
});

describe('parseNpmLockfile', () => {
  it('reads packages, but neither the root nor linked workspaces', () => {
    const text = JSON.stringify({
      lockfileVersion: 3,
      packages: {
        '': { name: 'shop', license: 'UNLICENSED' },
        'packages/own': { version: '1.0.0' },
        'node_modules/own': { resolved: 'packages/own', link: true },
        'node_modules/@scope/a': { version: '1.0.0', license: 'MIT' },
        'node_modules/a/node_modules/b': { version: '2.0.0', license: { type: 'MIT' } },
        'node_modules/c': { version: '3.0.0', license: 'SEE LICENSE IN LICENSE' },
      },
    });

    expect(parseNpmLockfile(text)).toEqual([
      { name: '@scope/a', version: '1.0.0', license: 'MIT' },
      { name: 'b', version: '2.0.0', license: null },
      { name: 'c', version: '3.0.0', license: null },
    ]);
  });

  it.each(['', '{', '[]', '{"lockfileVersion":1,"dependencies":{}}', '{"lockfileVersion":3}'])(
    'does not read %j',
    (text) => {
      expect(parseNpmLockfile(text)).toBeNull();
    },
  );
});
