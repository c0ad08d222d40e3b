import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createWorkspaces } from './workspace.ts';

describe('createWorkspaces', () => {
  let parent: string;
  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'workspaces-'));
  });
  afterEach(async () => rm(parent, { recursive: true, force: true }));

  it('gives each attempt an empty folder that others cannot enter', async () => {
    const workspaces = createWorkspaces(join(parent, 'made/on/demand'));

    const [first, second] = await Promise.all([workspaces.open(), workspaces.open()]);

    expect(first.path).not.toBe(second.path);
    expect((await stat(first.path)).mode & 0o777).toBe(0o700);
  });

  it('removes everything, also folders that took their own rights away', async () => {
    const workspace = await createWorkspaces(parent).open();
    await mkdir(join(workspace.path, 'locked'));
    await writeFile(join(workspace.path, 'locked/file'), '');
    await chmod(join(workspace.path, 'locked'), 0);

    await workspace.close();
    await workspace.close();

    expect(await readdir(parent)).toEqual([]);
  });

  it('sweeps what a killed process of this host left, and nothing else', async () => {
    const workspaces = createWorkspaces(parent);
    const mine = await workspaces.open();
    const host = hostname().replaceAll(/[^A-Za-z0-9]/g, '_');
    const others = [`orchestra-${host}x-${process.pid}-1-abcdef`, 'something-else'];
    for (const name of [`orchestra-${host}-${process.pid}-1-abcdef`, ...others]) await mkdir(join(parent, name));

    await workspaces.sweep();

    expect(await readdir(parent)).toEqual([mine.path.slice(parent.length + 1), ...others].toSorted());
  });

  it('has nothing to sweep where nothing was made', async () => {
    await expect(createWorkspaces(join(parent, 'none')).sweep()).resolves.toBeUndefined();
  });
});
