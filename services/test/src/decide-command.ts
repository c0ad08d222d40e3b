import type { TestPlan } from '@orchestra/contracts';

/** Where the cases are read from; relative to the workspace. */
export interface ReportPlace {
  path: string;
  format: 'junit' | 'jest';
}

export type CommandDecision =
  | {
      kind: 'run';
      reason: 'written_report' | 'runner_report' | 'exit_code_only';
      argv: readonly string[];
      env: Readonly<Record<string, string>>;
      report: ReportPlace | null;
    }
  | { kind: 'refuse'; reason: 'no_command'; message: string };

type Framework = Exclude<TestPlan['framework'], 'command'>;
type Run = Pick<Extract<CommandDecision, { kind: 'run' }>, 'argv' | 'env'>;

/**
 * What is run, and where it says how it went. A report that the file names is the only one that counts; without it the
 * runner is asked for its own, which needs the place as commands see it: they may change their folder.
 *
 * @param insidePath the workspace as commands see it
 */
export function decideCommand(plan: TestPlan, insidePath: string): CommandDecision {
  const { framework, command, report } = plan;
  if (framework === 'command') return decideOwn(command, report);

  const place = placeOf(framework, report);
  const file = `${insidePath}/${place.path}`;
  if (command === null) {
    const reason = framework === 'jest' && report !== null ? 'written_report' : 'runner_report';
    return { kind: 'run', reason, argv: defaultCommand(framework, file, report), env: {}, report: place };
  }
  if (report !== null) return { kind: 'run', reason: 'written_report', argv: command, env: {}, report: place };
  return { kind: 'run', reason: 'runner_report', ...askForReport(framework, command, file), report: place };
}

function decideOwn(command: TestPlan['command'], report: string | null): CommandDecision {
  if (command === null) {
    return { kind: 'refuse', reason: 'no_command', message: 'There is no command that would test' };
  }
  const own = { kind: 'run', argv: command, env: {} } as const;
  if (report === null) return { ...own, reason: 'exit_code_only', report: null };
  return { ...own, reason: 'written_report', report: { path: report, format: 'junit' } };
}

function placeOf(framework: Framework, report: string | null): ReportPlace {
  if (report !== null) return { path: report, format: 'junit' };
  if (framework === 'jest') return { path: '.orchestra-report.json', format: 'jest' };
  return { path: '.orchestra-report.xml', format: 'junit' };
}

function defaultCommand(framework: Framework, file: string, report: string | null): readonly string[] {
  switch (framework) {
    case 'jest':
      // Not by npx: it asks a registry for a jest that the repository does not have.
      return ['node_modules/.bin/jest', '--ci', ...(report === null ? jestArguments(file) : [])];
    case 'node': {
      const run = ['node', '--test', ...nodeArguments(file)];
      // Node does not make the folder of a report.
      const folder = file.slice(0, file.lastIndexOf('/'));
      return report?.includes('/') === true ? ['sh', '-c', 'mkdir -p "$0" && exec "$@"', folder, ...run] : run;
    }
    case 'pytest':
      return ['python3', '-m', 'pytest', ...pytestArguments(file)];
  }
}

/** Node and pytest are asked by the environment, however the command comes to them; jest knows arguments only. */
function askForReport(framework: Framework, command: readonly string[], file: string): Run {
  switch (framework) {
    case 'jest':
      return { argv: append(command, jestArguments(file)), env: {} };
    case 'node':
      return { argv: command, env: { NODE_OPTIONS: quoted(nodeArguments(file)) } };
    case 'pytest':
      return { argv: command, env: { PYTEST_ADDOPTS: quoted(pytestArguments(file)) } };
  }
}

function jestArguments(file: string): string[] {
  return ['--json', `--outputFile=${file}`];
}

function nodeArguments(file: string): string[] {
  const people = ['--test-reporter=spec', '--test-reporter-destination=stdout'];
  return [...people, '--test-reporter=junit', `--test-reporter-destination=${file}`];
}

// Only the older of pytest's two families names the file of a case.
function pytestArguments(file: string): string[] {
  return ['-o', 'junit_family=xunit1', `--junitxml=${file}`];
}

// NODE_OPTIONS and PYTEST_ADDOPTS both split at spaces outside of double quotes.
function quoted(words: readonly string[]): string {
  return words.map((word) => (/\s/.test(word) ? JSON.stringify(word) : word)).join(' ');
}

function append(command: readonly string[], extra: readonly string[]): readonly string[] {
  const [program, flag, line] = command;
  const isLine = program === 'sh' && flag === '-c' && line !== undefined && command.length === 3;
  if (!isLine) return [...command, ...separator(command.join(' ')), ...extra];
  return ['sh', '-c', [line.trimEnd(), ...separator(line), '"$@"'].join(' '), 'sh', ...extra];
}

// npm keeps what stands before a `--` to itself.
function separator(line: string): string[] {
  const last = line.split(/[;&|\n]+/).findLast((part) => part.trim() !== '') ?? '';
  return /(?:^|\s)npm\s+(?:t|tst|test|run|run-script)\b/.test(last) && !/\s--(?:\s|$)/.test(last) ? ['--'] : [];
}
