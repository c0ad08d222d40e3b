import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A push as the forge would tell it. */
export interface Push {
  before: string;
  after: string;
}

/** A working copy with its bare twin, from which the platform fetches. */
export interface Repository {
  /** Path of the bare twin. */
  path: string;
  /** Adds the files of a folder, if any, commits and pushes. */
  commit(message: string, overlay?: string): Promise<Push>;
  /** Sends the branch back to an older commit, as a forced push does. */
  resetTo(commit: string): Promise<Push>;
}

const nothing = '0'.repeat(40);
const pipelineFile = 'devops_orchestra.yaml';

interface Sample {
  /** Where the working copy is made. */
  folder: string;
  /** Where the bare twin is made. */
  path: string;
  /** Folders whose files make up the first commit; later ones replace. */
  files: readonly string[];
  /** Put into the places `${NAME}` of the pipeline file, which is the platform's and no user's. */
  values: Readonly<Record<string, string>>;
}

/** Makes a real git repository of some files. */
export async function createRepository({ folder, path, files, values }: Sample): Promise<Repository> {
  await mkdir(folder, { recursive: true });
  await mkdir(path, { recursive: true });
  await git(path, 'init', '--quiet', '--bare', '--initial-branch=main');
  await git(folder, 'init', '--quiet', '--initial-branch=main');
  for (const source of files) await cp(source, folder, { recursive: true });
  let head = nothing;
  return {
    path,
    async commit(message, overlay) {
      if (overlay !== undefined) await cp(overlay, folder, { recursive: true });
      await fillPlaces(folder, values);
      await git(folder, 'add', '--all');
      await git(folder, ...author, 'commit', '--quiet', '--allow-empty', '--message', message);
      return send();
    },
    async resetTo(commit) {
      await git(folder, 'reset', '--quiet', '--hard', commit);
      return send();
    },
  };

  async function send(): Promise<Push> {
    await git(folder, 'push', '--quiet', '--force', path, 'HEAD:refs/heads/main');
    const after = (await git(folder, 'rev-parse', 'HEAD')).trim();
    // The same commit once more: the forge tells of that when a branch was deleted and made again.
    const before = head === after ? nothing : head;
    head = after;
    return { before, after };
  }
}

const author = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.test', '-c', 'commit.gpgsign=false'];

async function fillPlaces(folder: string, values: Readonly<Record<string, string>>): Promise<void> {
  const file = join(folder, pipelineFile);
  let text = await readFile(file, 'utf8');
  for (const [name, value] of Object.entries(values)) text = text.replaceAll(`\${${name}}`, value);
  await writeFile(file, text);
}

// The caller's own configuration stays out: hooks, templates and signing are for their commits.
const env = {
  PATH: '/usr/local/bin:/usr/bin:/bin',
  HOME: '/nonexistent',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
};

async function git(cwd: string, ...args: string[]): Promise<string> {
  const { stdout } = await run('git', args, { cwd, env });
  return stdout;
}
