import { describe, expect, it } from '@jest/globals';
import type { TestCase } from '@orchestra/adapters/reports';
import { selectFailures } from './select-failures.ts';

const failed: TestCase = { name: 'divides', file: '/workspace/src/a.test.js', status: 'failed', message: 'by zero' };

describe('selectFailures', () => {
  it('keeps what failed, with files relative to the workspace', () => {
    const cases: TestCase[] = [
      { ...failed, message: 'at /workspace/src/a.js:1' },
      { ...failed, status: 'passed' },
      { ...failed, status: 'flaky' },
    ];

    expect(selectFailures(cases, '/workspace')).toEqual([
      { name: 'divides', message: 'at src/a.js:1', file: 'src/a.test.js' },
    ]);
  });

  it('keeps no more than 50', () => {
    expect(
      selectFailures(
        Array.from({ length: 60 }, () => failed),
        '/workspace',
      ),
    ).toHaveLength(50);
  });

  it('makes foreign texts short and printable', () => {
    const loud = { ...failed, name: `\u001B[31m${'n'.repeat(500)}`, message: 'm\u0000'.repeat(2_000), file: null };

    const [shown] = selectFailures([loud], '/workspace');

    expect(shown?.name).toBe(`${'n'.repeat(300)}…`);
    expect(shown?.message).toHaveLength(1_001);
    expect(shown?.message).not.toContain('\u0000');
    expect(shown?.file).toBeNull();
  });
});
