import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { cpSync, globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { z } from 'zod';
import { readTree } from './structure/tree.ts';

const root = join(import.meta.dirname, '..');
const jest = ['--conditions=source', 'node_modules/jest/bin/jest.js'];
const minutes = 60_000;
const failure = z.object({ stdout: z.unknown(), stderr: z.unknown() });

describe('a room that new-service made', () => {
  const copy = mkdtempSync(join(tmpdir(), 'orchestra-new-service-'));

  beforeAll(() => {
    // With what was built of it: the compiler sees by the times what is still true of that.
    const built = globSync(['{packages,services,apps}/*/dist', 'e2e/dist'], { cwd: root });
    for (const path of [...readTree(root).files, ...built]) {
      cpSync(join(root, path), join(copy, path), { recursive: true, preserveTimestamps: true });
    }
    run('git', ['init', '--quiet']);
    run('npx', ['--yes', 'pnpm@12.21.0', 'install', '--frozen-lockfile', '--prefer-offline']);
    run(process.execPath, ['--conditions=source', 'scripts/new-service.ts', 'cost-report', 'deployment_triggered']);
  }, 3 * minutes);
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  it.each([
    { check: 'structure', command: process.execPath, args: ['--conditions=source', 'scripts/check-structure.ts'] },
    { check: 'format', command: 'oxfmt', args: ['--check', 'services/cost-report'] },
    { check: 'types', command: 'tsc', args: ['-b', 'e2e'] },
    { check: 'lint', command: 'oxlint', args: ['services/cost-report'] },
    {
      check: 'the test of compose.yaml',
      command: process.execPath,
      args: [...jest, '-c', 'jest.config.js', 'e2e/src/compose.test.ts'],
    },
    {
      check: 'the simulation',
      command: process.execPath,
      args: ['--conditions=source', 'e2e/src/simulation/main.ts', '--seeds', '2'],
    },
    { check: 'its tests', command: process.execPath, args: [...jest, '-c', 'jest.config.js', 'services/cost-report'] },
  ])(
    'passes $check',
    ({ command, args }) => {
      expect(run(command, args)).toBe('passed');
    },
    3 * minutes,
  );

  function run(command: string, args: string[]): string {
    const path = [join(root, 'node_modules', '.bin'), dirname(process.execPath), process.env['PATH']].join(delimiter);
    const env = { ...process.env, CI: 'true', PATH: path };
    try {
      execFileSync(command, args, { cwd: copy, env, stdio: 'pipe' });
      return 'passed';
    } catch (error) {
      return describeFailure(error);
    }
  }
});

// Not `instanceof Error`: errors of Node's own modules come from outside of the test's realm.
function describeFailure(error: unknown): string {
  const { stdout = '', stderr = '' } = failure.parse(error);
  return `failed: ${String(stdout)}${String(stderr)}`.slice(-2000);
}
