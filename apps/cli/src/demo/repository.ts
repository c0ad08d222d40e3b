import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A push as the forge would tell it. */
export interface Push {
  before: string;
  after: string;
}

export interface Repository {
  /** Path of the bare repository that the platform fetches from. */
  path: string;
  /** Adds the files of a folder, if any, and pushes. */
  commit(message: string, overlay?: string): Promise<Push>;
}

const nothing = '0'.repeat(40);

interface Sample {
  /** Where to make it. */
  folder: string;
  /** The files of the first commit. */
  files: string;
  /** Replaced in the pipeline file, so that two scenarios never share a port. */
  values: Readonly<Record<string, string>>;
}

/** Makes a real git repository and its bare twin in a folder. */
export async function createRepository({ folder, files, values }: Sample): Promise<Repository> {
  const work = join(folder, 'work');
  const path = join(folder, 'repository.git');
  await mkdir(work, { recursive: true });
  await git(folder, 'init', '--quiet', '--bare', '--initial-branch=main', path);
  await git(work, 'init', '--quiet', '--initial-branch=main');
  await cp(files, work, { recursive: true });
  await fill(work, values);
  let head = nothing;
  return {
    path,
    async commit(message, overlay) {
      if (overlay !== undefined) await cp(overlay, work, { recursive: true });
      await fill(work, values);
      await git(work, 'add', '--all');
      await git(work, ...author, 'commit', '--quiet', '--allow-empty', '--message', message);
      await git(work, 'push', '--quiet', path, 'HEAD:refs/heads/main');
      const before = head;
      head = (await git(work, 'rev-parse', 'HEAD')).trim();
      return { before, after: head };
    },
  };
}

const author = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.test'];

// Only the file of the platform has places to fill; everything else is as users write it.
async function fill(work: string, values: Readonly<Record<string, string>>): Promise<void> {
  const names = await readdir(work);
  if (!names.includes('devops_orchestra.yaml')) return;
  const file = join(work, 'devops_orchestra.yaml');
  let text = await readFile(file, 'utf8');
  for (const [name, value] of Object.entries(values)) text = text.replaceAll(`\${${name}}`, value);
  await writeFile(file, text);
}

async function git(cwd: string, ...args: string[]): Promise<string> {
  const { stdout } = await run('git', args, { cwd });
  return stdout;
}
