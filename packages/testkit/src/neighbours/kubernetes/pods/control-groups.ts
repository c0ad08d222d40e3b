import { existsSync, mkdirSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = '/sys/fs/cgroup';

// All of a group weighs as much as one process beside it, which is little on a machine that does other things as well.
const weights = [
  { file: 'cpu.shares', weight: '16384' },
  { file: 'cpu.weight', weight: '1600' },
];

/** Makes a control group of this name, in each hierarchy. @throws what the file system throws where that is not allowed */
export function makeGroup(name: string): void {
  for (const hierarchy of hierarchies()) {
    const group = join(hierarchy, name);
    mkdirSync(group);
    const known = weights.filter(({ file }) => existsSync(join(group, file)));
    for (const { file, weight } of known) writeFileSync(join(group, file), weight);
  }
}

/** Removes a control group that is empty, as far as it is there. */
export function removeGroup(name: string): void {
  for (const hierarchy of hierarchies()) {
    try {
      rmdirSync(join(hierarchy, name));
    } catch {
      // It was not made there.
    }
  }
}

// One of version 2, or one for each resource of version 1.
function hierarchies(): string[] {
  const entries = readdirSync(root, { withFileTypes: true });
  if (entries.some(({ name }) => name === 'cgroup.controllers')) return [root];
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(root, name));
}
