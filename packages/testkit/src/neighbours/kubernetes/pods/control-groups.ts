import { OrchestraError } from '@orchestra/contracts';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = '/sys/fs/cgroup';

// All of a group weighs as much as one process beside it, which is little on a machine that does other things as well.
const weights = [
  { file: 'cpu.shares', weight: '16384' },
  { file: 'cpu.weight', weight: '1600' },
];

// What a kubelet asks of a group of version 2 for its pods.
const needed = ['cpu', 'cpuset', 'memory', 'pids'];

/**
 * Makes a control group of this name, in each hierarchy.
 *
 * @throws what the file system throws where that is not allowed
 * @throws OrchestraError `NEIGHBOUR_UNAVAILABLE` where such a group cannot limit what pods take
 */
export function makeGroup(name: string): void {
  const unified = existsSync(join(root, 'cgroup.controllers'));
  if (unified) handDown();
  for (const hierarchy of hierarchies()) {
    const group = join(hierarchy, name);
    mkdirSync(group);
    const known = weights.filter(({ file }) => existsSync(join(group, file)));
    for (const { file, weight } of known) writeFileSync(join(group, file), weight);
  }
  if (unified) demandControllers(name);
}

function demandControllers(name: string): void {
  const there = controllersOf(join(root, name));
  const missing = needed.filter((controller) => !there.includes(controller));
  if (missing.length === 0) return;
  throw new OrchestraError('NEIGHBOUR_UNAVAILABLE', `control groups have no ${missing.join(', no ')} here`);
}

// The groups below the first one have the controllers that it hands down; a system may not use all of them.
function handDown(): void {
  for (const controller of controllersOf(root)) {
    try {
      writeFileSync(join(root, 'cgroup.subtree_control'), `+${controller}`);
    } catch {
      // Whether it matters is seen in the group.
    }
  }
}

function controllersOf(group: string): string[] {
  return readFileSync(join(group, 'cgroup.controllers'), 'utf8').trim().split(' ');
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
  if (existsSync(join(root, 'cgroup.controllers'))) return [root];
  const entries = readdirSync(root, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(root, name));
}
