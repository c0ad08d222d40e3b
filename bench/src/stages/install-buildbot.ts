import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cachedFolder } from '@orchestra/testkit/neighbours';

const run = promisify(execFile);

export const buildbotVersion = '4.3.0';

/** Installs Buildbot from PyPI into a virtual environment in the cache, once; returns its Python. */
export async function installBuildbot(say: (text: string) => void): Promise<string> {
  const folder = await cachedFolder(`buildbot-${buildbotVersion}`, async (draft) => {
    say(`installing Buildbot ${buildbotVersion} (about a minute)`);
    await run('python3', ['-m', 'venv', draft]);
    const packages = ['buildbot', 'buildbot-worker', 'buildbot-www'].map((name) => `${name}==${buildbotVersion}`);
    const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages, 'treq'];
    await run(join(draft, 'bin/python'), install, { timeout: 600_000 });
  });
  return join(folder, 'bin/python');
}
