import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createControlGroup, sweepControlGroups, type ControlGroups } from './control-group.ts';

const limits = { memoryBytes: 64 * 1024 ** 2, processes: 32 };
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'cgroup-'));
  for (const name of ['memory', 'pids']) mkdirSync(join(root, name));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

// Plain folders in the place of cgroupfs: what is written to a control file stays in it.
const versions: Record<1 | 2, () => ControlGroups> = {
  1: () => ({ version: 1, memory: join(root, 'memory'), pids: join(root, 'pids') }),
  2: () => ({ version: 2, memory: root, pids: root }),
};

function filesIn(folder: string): Record<string, string> {
  const [name = ''] = readdirSync(folder).filter((one) => one.startsWith('orchestra-'));
  const group = join(folder, name);
  return Object.fromEntries(readdirSync(group).map((file) => [file, readFileSync(join(group, file), 'utf8')]));
}

function folderOf(folder: string): string {
  return join(folder, readdirSync(folder).find((one) => one.startsWith('orchestra-')) ?? '');
}

describe('a control group', () => {
  it('limits memory with swap, and processes, in one folder of version 2', () => {
    createControlGroup(versions[2](), limits);

    expect(filesIn(root)).toEqual({
      'memory.max': '67108864',
      'memory.swap.max': '0',
      'memory.oom.group': '1',
      'pids.max': '40',
    });
  });

  it('limits memory and processes in the two folders of version 1', () => {
    createControlGroup(versions[1](), limits);

    expect(filesIn(join(root, 'memory'))).toEqual({
      'memory.limit_in_bytes': '67108864',
      'memory.memsw.limit_in_bytes': '67108864',
    });
    expect(filesIn(join(root, 'pids'))).toEqual({ 'pids.max': '40' });
  });

  it.each([
    { version: 1 as const, file: 'memory.oom_control', before: 'under_oom 0\noom_kill 0\n', after: 'oom_kill 1\n' },
    { version: 2 as const, file: 'memory.events', before: 'oom 1\noom_kill 0\n', after: 'oom 1\noom_kill 2\n' },
  ])('knows of version $version whether the memory was used up', ({ version, file, before, after }) => {
    const groups = versions[version]();
    const group = createControlGroup(groups, limits);
    const events = join(folderOf(groups.memory), file);

    expect(group.ranOutOfMemory()).toBe(false);
    writeFileSync(events, before);
    expect(group.ranOutOfMemory()).toBe(false);
    writeFileSync(events, after);
    expect(group.ranOutOfMemory()).toBe(true);
  });

  it.each([
    { version: 1 as const, members: 2 },
    { version: 2 as const, members: 1 },
  ])('makes the command a member of every folder of version $version first', ({ version, members }) => {
    const command = createControlGroup(versions[version](), limits).joinAndRun(['node', 'main.js']);

    expect(command.filter((word) => word.endsWith('/cgroup.procs'))).toHaveLength(members);
    expect(command.slice(-3)).toEqual(['--', 'node', 'main.js']);
  });

  it.each([1, 2] as const)('is gone once it is closed (version %s)', async (version) => {
    const groups = versions[version]();
    const group = createControlGroup(groups, limits);
    const folders = [folderOf(groups.memory), folderOf(groups.pids)];
    // The kernel lets a group go with its files in it, a plain folder does not.
    for (const folder of folders) for (const file of readdirSync(folder)) rmSync(join(folder, file));

    await group.close();

    expect(folders.map((folder) => existsSync(folder))).toEqual([false, false]);
  });
});

describe('sweepControlGroups', () => {
  it('removes the groups of processes that are gone, and no other', () => {
    const noProcess = 4_194_305; // above the largest id that Linux gives
    const names = [`orchestra-${noProcess}-1`, `orchestra-${process.pid}-1`, 'somebody-else'];
    for (const name of names) mkdirSync(join(root, 'memory', name));

    sweepControlGroups(versions[1]());

    expect(readdirSync(join(root, 'memory')).toSorted()).toEqual(names.slice(1).toSorted());
  });
});
