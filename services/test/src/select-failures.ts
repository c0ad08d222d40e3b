import { printable } from '@orchestra/adapters/process';
import type { TestCase } from '@orchestra/adapters/reports';
import type { FailedCase } from '@orchestra/contracts';

const maxFailures = 50;
const maxNameLength = 300;
const maxMessageLength = 1_000;

/** The failed cases as people see them: few, short, printable, with files relative to the workspace. */
export function selectFailures(cases: readonly TestCase[], insidePath: string): readonly FailedCase[] {
  const failed = cases.filter(({ status }) => status === 'failed').slice(0, maxFailures);
  return failed.map(({ name, message, file }) => ({
    name: show(inWorkspace(name, insidePath), maxNameLength),
    message: show(inWorkspace(message ?? '', insidePath), maxMessageLength),
    file: file === null ? null : show(inWorkspace(file, insidePath), maxNameLength),
  }));
}

// Where the workspace was says nothing to people, and differs from run to run without a sandbox.
function inWorkspace(text: string, insidePath: string): string {
  return text.replaceAll(`${insidePath}/`, '');
}

function show(text: string, maxLength: number): string {
  const shown = printable(text);
  return shown.length <= maxLength ? shown : `${shown.slice(0, maxLength)}…`;
}
