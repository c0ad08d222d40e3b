import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { writeConfiguration } from './write-configuration.ts';

let root: string;
let workspace: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'configuration-'));
  workspace = join(root, 'workspace');
  await mkdir(workspace);
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe('writeConfiguration', () => {
  it.each(['.', 'infra', 'deep/infra/'])('writes into %s, and makes it', async (folder) => {
    expect(await writeConfiguration(workspace, folder, '# made')).toBe(true);

    expect(await readFile(join(workspace, folder, 'main.tf'), 'utf8')).toBe('# made');
  });

  it.each(['main.tf', 'other.tf.json', 'other.tofu'])('leaves a folder with %s as it is', async (file) => {
    await writeFile(join(workspace, file), '# theirs');

    expect(await writeConfiguration(workspace, '.', '# made')).toBe(false);
    expect(await readdir(workspace)).toEqual([file]);
  });

  it('writes nothing out of the workspace', async () => {
    await symlink(root, join(workspace, 'out'));

    await expect(writeConfiguration(workspace, 'out/infra', '# made')).rejects.toMatchObject({ code: 'PATH_OUTSIDE' });
    expect(await readdir(root)).toEqual(['workspace']);
  });
});
