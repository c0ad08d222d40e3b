import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Makes an empty bare repository, as `git init --bare` does without templates: three folders and two files are no reason to
 * start a process.
 *
 * @param commit a full SHA, whose length says by which hash objects are named
 * @see gitrepository-layout(5)
 */
export async function createRepository(folder: string, commit: string): Promise<void> {
  await mkdir(folder);
  await Promise.all([
    mkdir(join(folder, 'objects')),
    mkdir(join(folder, 'refs')),
    writeFile(join(folder, 'HEAD'), 'ref: refs/heads/none\n'),
    writeFile(join(folder, 'config'), commit.length === 64 ? configOfSha256 : configOfSha1),
  ]);
}

const core = '\tfilemode = true\n\tbare = true\n';
const configOfSha1 = `[core]\n\trepositoryformatversion = 0\n${core}`;
const configOfSha256 = `[core]\n\trepositoryformatversion = 1\n${core}[extensions]\n\tobjectformat = sha256\n`;
