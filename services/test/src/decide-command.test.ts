import { describe, expect, it } from '@jest/globals';
import type { TestPlan } from '@orchestra/contracts';
import { decideCommand } from './decide-command.ts';

const plan: TestPlan = {
  enabled: true,
  framework: 'command',
  command: ['make', 'test'],
  report: null,
  coverage: null,
  retryFailed: 0,
  timeoutMs: 1,
  attempts: 1,
  haltOnFailure: true,
};
const jestArguments = ['--json', '--outputFile=/w/.orchestra-report.json'];
const nodeArguments = [
  '--test-reporter=spec',
  '--test-reporter-destination=stdout',
  '--test-reporter=junit',
  '--test-reporter-destination=/w/.orchestra-report.xml',
];

describe('decideCommand', () => {
  it('runs a command as it is, and believes its exit code', () => {
    expect(decideCommand(plan, '/w')).toEqual({
      kind: 'run',
      reason: 'exit_code_only',
      argv: ['make', 'test'],
      env: {},
      report: null,
    });
  });

  it('refuses to test without a command', () => {
    expect(decideCommand({ ...plan, command: null }, '/w')).toMatchObject({ kind: 'refuse', reason: 'no_command' });
  });

  it.each(['command', 'jest', 'node', 'pytest'] as const)(
    'leaves a command of %s alone when the file names its report, and counts no other one',
    (framework) => {
      expect(decideCommand({ ...plan, framework, report: 'out/junit.xml' }, '/w')).toEqual({
        kind: 'run',
        reason: 'written_report',
        argv: ['make', 'test'],
        env: {},
        report: { path: 'out/junit.xml', format: 'junit' },
      });
    },
  );
});

describe('decideCommand without a command of the file', () => {
  it.each([
    ['node', ['node', '--test', ...nodeArguments], { path: '.orchestra-report.xml', format: 'junit' }],
    ['jest', ['node_modules/.bin/jest', '--ci', ...jestArguments], { path: '.orchestra-report.json', format: 'jest' }],
    [
      'pytest',
      ['python3', '-m', 'pytest', '-o', 'junit_family=xunit1', '--junitxml=/w/.orchestra-report.xml'],
      { path: '.orchestra-report.xml', format: 'junit' },
    ],
  ] as const)('asks %s for its own report', (framework, argv, report) => {
    const decision = decideCommand({ ...plan, framework, command: null }, '/w');

    expect(decision).toEqual({ kind: 'run', reason: 'runner_report', argv, env: {}, report });
  });

  it.each([
    ['node', 'junit.xml', '--test-reporter-destination=/w/junit.xml'],
    ['pytest', 'out/junit.xml', '--junitxml=/w/out/junit.xml'],
  ] as const)('lets %s write the report that the file names', (framework, report, argument) => {
    expect(decideCommand({ ...plan, framework, command: null, report }, '/w')).toMatchObject({
      argv: expect.arrayContaining([argument]),
      report: { path: report, format: 'junit' },
    });
  });

  it('makes the folder that Node would not make', () => {
    const decision = decideCommand({ ...plan, framework: 'node', command: null, report: 'out/junit.xml' }, '/w');

    const argv = decision.kind === 'run' ? decision.argv : [];
    expect(argv.slice(0, 6)).toEqual(['sh', '-c', 'mkdir -p "$0" && exec "$@"', '/w/out', 'node', '--test']);
  });

  it('leaves a report that the file names to a reporter of jest', () => {
    expect(decideCommand({ ...plan, framework: 'jest', command: null, report: 'junit.xml' }, '/w')).toMatchObject({
      argv: ['node_modules/.bin/jest', '--ci'],
      report: { path: 'junit.xml', format: 'junit' },
    });
  });
});

describe('decideCommand with a command and no report', () => {
  it.each([
    ['node', { NODE_OPTIONS: nodeArguments.join(' ') }],
    ['pytest', { PYTEST_ADDOPTS: '-o junit_family=xunit1 --junitxml=/w/.orchestra-report.xml' }],
  ] as const)('asks %s by its environment', (framework, env) => {
    expect(decideCommand({ ...plan, framework }, '/w')).toMatchObject({
      reason: 'runner_report',
      argv: ['make', 'test'],
      env,
    });
  });

  it('quotes a workspace with a space in its path', () => {
    expect(decideCommand({ ...plan, framework: 'pytest' }, '/my work')).toMatchObject({
      env: { PYTEST_ADDOPTS: expect.stringContaining(' "--junitxml=/my work/.orchestra-report.xml"') },
    });
  });

  it.each([
    [
      ['npx', 'jest'],
      ['npx', 'jest', ...jestArguments],
    ],
    [
      ['npm', 'test'],
      ['npm', 'test', '--', ...jestArguments],
    ],
    [
      ['npm', 'test', '--', 'a'],
      ['npm', 'test', '--', 'a', ...jestArguments],
    ],
    [
      ['sh', '-c', 'npx jest a\n'],
      ['sh', '-c', 'npx jest a "$@"', 'sh', ...jestArguments],
    ],
    [
      ['sh', '-c', 'npm ci && npm run unit'],
      ['sh', '-c', 'npm ci && npm run unit -- "$@"', 'sh', ...jestArguments],
    ],
    [
      ['sh', '-c', 'npm run build && npx jest'],
      ['sh', '-c', 'npm run build && npx jest "$@"', 'sh', ...jestArguments],
    ],
  ])('asks jest by arguments behind %j', (command, argv) => {
    expect(decideCommand({ ...plan, framework: 'jest', command }, '/w')).toMatchObject({ argv, env: {} });
  });
});
