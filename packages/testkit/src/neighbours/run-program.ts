import { OrchestraError } from '@orchestra/contracts';
import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const maxBuffer = 16 * 1_048_576;

/**
 * Runs a program to its end.
 *
 * @returns what it printed to stdout
 * @throws OrchestraError `NEIGHBOUR_UNAVAILABLE` with the end of its output, when it is missing, fails or takes over `timeoutMs`
 */
export async function runProgram(command: string, args: string[], timeoutMs = 600_000): Promise<string> {
  try {
    const { stdout } = await execute(command, args, { timeout: timeoutMs, maxBuffer });
    return stdout;
  } catch (cause) {
    throw new OrchestraError('NEIGHBOUR_UNAVAILABLE', `${command} ${args[0] ?? ''} failed: ${describe(cause)}`, {
      cause,
    });
  }
}

/** Returns the path of a program on PATH, or null. */
export function findProgram(name: string): string | null {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.map((folder) => join(folder, name)).find(isExecutable) ?? null;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function describe(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const output = 'stderr' in cause && typeof cause.stderr === 'string' ? cause.stderr.trim() : '';
  return output === '' ? cause.message : output.slice(-800);
}
