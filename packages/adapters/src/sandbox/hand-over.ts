import { OrchestraError } from '@orchestra/runtime';
import { runProgram } from '../process/index.ts';
import type { SandboxRun } from './sandbox.ts';
import { keeperUser, takeStepUser, type StepUser } from './step-user.ts';

/** The user of a step; all that write to folders which are kept are the same one. */
export function userFor({ keptFolders = [] }: Pick<SandboxRun, 'keptFolders'>): StepUser {
  return keptFolders.length === 0 ? takeStepUser() : { uid: keeperUser, release() {} };
}

/**
 * Gives folders with everything in them to the user of a step.
 *
 * @throws OrchestraError `SANDBOX_UNAVAILABLE`, retriable
 */
export async function handOver(folders: readonly string[], uid: number): Promise<void> {
  const limits = { cwd: '/', timeoutMs: 120_000, third: 'status' } as const;
  const { exitCode, stderr } = await runProgram('chown', ['-hR', `${uid}:${uid}`, '--', ...folders], limits);
  if (exitCode === 0) return;
  const message = `The workspace cannot be handed over: ${stderr}`.slice(0, 2_000);
  throw new OrchestraError('SANDBOX_UNAVAILABLE', message, { retriable: true });
}

/**
 * The command that hands folders over as `handOver` does and then becomes another one. Where the other one says by itself
 * that it began, this saves a process: each is a copy of ours, which costs more the larger we are.
 */
export function handOverAndRun(folders: readonly string[], uid: number, command: readonly string[]): string[] {
  return ['/bin/sh', '-c', handing, 'hand over', `${uid}:${uid}`, ...folders, '--', ...command];
}

const handing =
  'owner=$1; shift; while [ "$1" != -- ]; do chown -hR "$owner" -- "$1" || exit 1; shift; done; shift; exec "$@"';

/** The folders that a step writes to. */
export function writtenBy({ workspace, keptFolders = [] }: SandboxRun): string[] {
  return [workspace, ...keptFolders.map(({ from }) => from)];
}
