import { runScript, say } from './run-command.ts';

/**
 * Every check of the tree; each is a script of the root's package.json. Types come before lint, because the linter reads
 * the types of other rooms from what was built.
 */
export const checks = ['format', 'types', 'lint', 'structure', 'generated', 'unused'];

/**
 * Runs scripts one after the other, a failing one does not stop the next; shows the output of those that fail.
 *
 * @returns the names of those that failed
 */
export async function runChecks(names: string[]): Promise<string[]> {
  const failed: string[] = [];
  for (const name of names) {
    const { code, output, durationMs } = await runScript(name);
    const seconds = (durationMs / 1000).toFixed(1);
    say(`${code === 0 ? '✓' : '✗'} ${name} (${seconds} s)`);
    if (code === 0) continue;
    say(output.trimEnd());
    failed.push(name);
  }
  return failed;
}
