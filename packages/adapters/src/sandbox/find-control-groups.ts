import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ControlGroups } from './control-group.ts';

/**
 * Finds a place where this process can limit memory and processes of others: below its own group, so that a limit which
 * the host gave to us holds for our steps as well.
 *
 * @returns null where no controller can be written; then only the limits of each process hold
 * @see Linux, Documentation/admin-guide/cgroup-v1/memory.rst and cgroup-v2.rst
 */
export function findControlGroups(): ControlGroups | null {
  const mounts = parseMounts(readOrEmpty('/proc/self/mounts'));
  const own = parseOwn(readOrEmpty('/proc/self/cgroup'));
  return findVersion1(mounts, own) ?? findVersion2(mounts, own);
}

interface Mounts {
  unified: string | null;
  controllers: ReadonlyMap<string, string>;
}

function parseMounts(text: string): Mounts {
  const lines = text.split('\n').map((line) => line.split(' '));
  const unified = lines.find(([, , kind]) => kind === 'cgroup2')?.[1] ?? null;
  const first = lines.filter(([, , kind]) => kind === 'cgroup');
  const controllers = first.flatMap(([, folder = '', , options = '']) =>
    options.split(',').map((name): [string, string] => [name, folder]),
  );
  return { unified, controllers: new Map(controllers) };
}

/** The group of this process in each hierarchy; the key of version 2 is empty. */
function parseOwn(text: string): ReadonlyMap<string, string> {
  const lines = text
    .trim()
    .split('\n')
    .map((line) => line.split(':'));
  return new Map(
    lines.flatMap(([, names = '', path = '/']) => names.split(',').map((name): [string, string] => [name, path])),
  );
}

function findVersion1({ controllers }: Mounts, own: ReadonlyMap<string, string>): ControlGroups | null {
  const places = ['memory', 'pids'].map((name) => {
    const mount = controllers.get(name);
    if (mount === undefined) return null;
    // In a container the mount is our own group already, and the path that the kernel names does not exist below it.
    return [join(mount, own.get(name) ?? '/'), mount].find((folder) => canHold(folder, name)) ?? null;
  });
  const [memory, pids] = places;
  return memory && pids ? { version: 1, memory, pids } : null;
}

const knobs: Record<string, string> = { memory: 'memory.limit_in_bytes', pids: 'pids.max' };

function canHold(folder: string, controller: string): boolean {
  return tryGroup(folder, [knobs[controller] ?? '']);
}

function findVersion2({ unified }: Mounts, own: ReadonlyMap<string, string>): ControlGroups | null {
  if (unified === null) return null;
  const ours = join(unified, own.get('') ?? '/');
  // A group with processes of its own cannot pass controllers on (cgroup-v2.rst, "No Internal Process Constraint").
  const found = [ours, dirname(ours), unified].find((folder) => folder.startsWith(unified) && canPassOn(folder));
  return found === undefined ? null : { version: 2, memory: found, pids: found };
}

function canPassOn(folder: string): boolean {
  if (!existsSync(join(folder, 'cgroup.subtree_control'))) return false;
  const passed = readOrEmpty(join(folder, 'cgroup.subtree_control')).split(/\s+/);
  if (!passed.includes('memory') || !passed.includes('pids')) askForControllers(folder);
  return tryGroup(folder, ['memory.max', 'pids.max']);
}

function askForControllers(folder: string): void {
  try {
    writeFileSync(join(folder, 'cgroup.subtree_control'), '+memory +pids');
  } catch {
    // Not ours to change, or it holds processes: `tryGroup` sees that nothing was passed on.
  }
}

function tryGroup(folder: string, needed: readonly string[]): boolean {
  const probe = join(folder, `orchestra-probe-${process.pid}`);
  try {
    mkdirSync(probe);
  } catch {
    return false;
  }
  const isLimiting = needed.every((file) => existsSync(join(probe, file)));
  rmdirSync(probe);
  return isLimiting;
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
