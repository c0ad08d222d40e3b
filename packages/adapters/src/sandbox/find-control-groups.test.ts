import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findControlGroups, type GroupHost } from './find-control-groups.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'cgroup-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** A folder tree in the place of cgroupfs: a new group gets the files that `filesOf` names for the folder above it. */
function givenHost(lines: { mounts: string; own: string }, filesOf: (parent: string) => readonly string[]): GroupHost {
  return {
    ...lines,
    makeGroup(folder) {
      mkdirSync(folder);
      for (const file of filesOf(dirname(folder))) writeFileSync(join(folder, file), 'max');
    },
    removeGroup: (folder) => rmSync(folder, { recursive: true }),
  };
}

function givenVersion2(groups: readonly string[]): { mounts: string; own: string } {
  for (const group of ['', ...groups]) {
    mkdirSync(join(root, group), { recursive: true });
    writeFileSync(join(root, group, 'cgroup.subtree_control'), '');
  }
  return { mounts: `cgroup2 ${root} cgroup2 rw,nosuid 0 0\n`, own: `0::/${groups.at(-1) ?? ''}\n` };
}

function passedOn(parent: string): string[] {
  const passed = readFileSync(join(parent, 'cgroup.subtree_control'), 'utf8');
  return ['memory', 'pids'].filter((name) => passed.includes(name)).map((name) => `${name}.max`);
}

describe('findControlGroups in version 2', () => {
  it('asks the own group to pass its controllers on, and uses it', () => {
    const host = givenHost(givenVersion2(['orchestra']), passedOn);

    const own = join(root, 'orchestra');
    expect(findControlGroups(host)).toEqual({ version: 2, memory: own, pids: own });
    expect(readFileSync(join(own, 'cgroup.subtree_control'), 'utf8')).toBe('+memory +pids');
  });

  it('uses the group above when its own passes nothing on', () => {
    const own = join(root, 'slice/service');
    const lines = givenVersion2(['slice', 'slice/service']);
    const host = givenHost(lines, (parent) => (parent === own ? [] : passedOn(parent)));

    expect(findControlGroups(host)).toMatchObject({ version: 2, memory: join(root, 'slice') });
  });

  it('finds nothing where no controller is passed on', () => {
    expect(findControlGroups(givenHost(givenVersion2(['orchestra']), () => []))).toBeNull();
  });
});

function givenVersion1(): { mounts: string; own: string } {
  for (const folder of ['memory/orchestra', 'pids']) mkdirSync(join(root, folder), { recursive: true });
  const mounts = ['memory', 'pids'].map((name) => `cgroup ${root}/${name} cgroup rw,${name} 0 0\n`).join('');
  return { mounts, own: '9:pids:/gone\n4:memory:/orchestra\n' };
}

function filesOfVersion1(parent: string): string[] {
  return parent.includes('/pids') ? ['pids.max'] : ['memory.limit_in_bytes'];
}

describe('findControlGroups in version 1', () => {
  it('takes the own group of each hierarchy, or its mount in a container', () => {
    const host = givenHost(givenVersion1(), filesOfVersion1);

    expect(findControlGroups(host)).toEqual({
      version: 1,
      memory: join(root, 'memory/orchestra'),
      pids: join(root, 'pids'),
    });
  });

  it('needs both hierarchies', () => {
    const host = givenHost(givenVersion1(), (parent) => (parent.includes('/pids') ? [] : filesOfVersion1(parent)));

    expect(findControlGroups(host)).toBeNull();
  });
});

describe('findControlGroups without control groups', () => {
  it('finds nothing', () => {
    expect(findControlGroups(givenHost({ mounts: 'proc /proc proc rw 0 0\n', own: '' }, () => []))).toBeNull();
  });
});
