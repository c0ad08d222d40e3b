import { existsSync } from 'node:fs';
import { cachedFolder } from './cache-folder.ts';
import { findProgram, runProgram } from './run-program.ts';
import { say } from './say.ts';

const version = '8.4.2';
// All of them are pure Python, and good for every Python from 3.9 on.
const packages = [
  `pytest==${version}`,
  'iniconfig==2.1.0',
  'packaging==25.0',
  'pluggy==1.6.0',
  'pygments==2.19.2',
  'exceptiongroup==1.3.0',
  'typing-extensions==4.15.0',
];

/**
 * Fetches pytest from PyPI, once.
 *
 * @returns a folder from which `python3 -m pytest` finds it, or null where there is no python3 (3.9 or later, with pip) for the sandbox
 * @throws OrchestraError `NEIGHBOUR_UNAVAILABLE` when it cannot be fetched
 */
export async function ensurePytest(): Promise<string | null> {
  // What the sandbox shows of the system.
  const hasPython = ['/usr/bin/python3', '/usr/local/bin/python3'].some((path) => existsSync(path));
  const python = findProgram('python3');
  if (!hasPython || python === null || !(await canInstall(python))) return null;
  return cachedFolder(`pytest-${version}`, async (draft) => {
    say('fetching pytest from PyPI');
    await runProgram(python, [
      '-m',
      'pip',
      'install',
      '-q',
      '--no-deps',
      '--no-compile',
      '--target',
      draft,
      ...packages,
    ]);
  });
}

async function canInstall(python: string): Promise<boolean> {
  try {
    await runProgram(python, ['-c', 'import pip, sys; sys.exit(sys.version_info < (3, 9))']);
    return true;
  } catch {
    return false;
  }
}
