import { dirname, join } from 'node:path';
import { OrchestraError } from '@orchestra/runtime';
import { runProgram } from '../process/index.ts';

const timeoutMs = 30_000;

export interface PatchCheck {
  /** Absolute path. */
  folder: string;
  patch: string;
  /** Where git is looked up. */
  path: string;
}

/**
 * Checks that git would apply a patch to a folder, and changes nothing there. No repository, configuration or hook is looked at.
 *
 * @returns the paths that the patch touches, as git reads them
 * @throws OrchestraError, not retriable: `REQUEST_INVALID` when git would not apply it; as `runProgram`
 */
export async function checkPatch({ folder, patch, path }: PatchCheck): Promise<string[]> {
  const { exitCode, stdout, stderr } = await runProgram('git', ['apply', '--check', '--numstat', '-z', '-'], {
    cwd: folder,
    env: environmentOf(folder, path),
    input: patch,
    timeoutMs,
  });
  if (exitCode !== 0) {
    throw new OrchestraError('REQUEST_INVALID', `git would not apply the patch: ${stderr.trim().slice(0, 500)}`);
  }
  return stdout.split('\0').flatMap((line) => {
    const touched = line.split('\t')[2];
    return touched === undefined ? [] : [touched];
  });
}

// Outside of a repository git takes paths as relative to the folder; inside of one it would pass over those beside it.
function environmentOf(folder: string, path: string): Record<string, string> {
  return {
    PATH: path,
    LC_ALL: 'C',
    GIT_DIR: join(folder, '.git-of-nobody'),
    GIT_CEILING_DIRECTORIES: dirname(folder),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
  };
}
