import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ControlGroups } from './control-group.ts';

/** What the kernel shows of control groups, and how a group is made; another one in tests only. */
export interface GroupHost {
  /** As /proc/self/mounts. */
  mounts: string;
  /** As /proc/self/cgroup. */
  own: string;
  /** Makes a group; the kernel fills it with the files of its controllers. */
  makeGroup(folder: string): void;
  removeGroup(folder: string): void;
}

/**
 * Finds a place where this process can limit memory and processes of others: below its own group, so that a limit which
 * the host gave to us holds for our steps as well.
 *
 * @returns null where no controller can be written; then only the limits of each process hold
 * @see Linux, Documentation/admin-guide/cgroup-v1/memory.rst and cgroup-v2.rst
 */
export function findControlGroups(host: GroupHost = thisHost()): ControlGroups | null {
  const mounts = parseMounts(host.mounts);
  const own = parseOwn(host.own);
  const isLimiting: Trial = (folder, files) => tryGroup(host, folder, files);
  return findVersion1(mounts, own, isLimiting) ?? findVersion2(mounts, own, isLimiting);
}

function thisHost(): GroupHost {
  return {
    mounts: readOrEmpty('/proc/self/mounts'),
    own: readOrEmpty('/proc/self/cgroup'),
    makeGroup: (folder) => mkdirSync(folder),
    removeGroup: (folder) => rmdirSync(folder),
  };
}

/** Whether a group made in a folder has the files that limit it. */
type Trial = (folder: string, files: readonly string[]) => boolean;

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
type Own = ReadonlyMap<string, string>;

function parseOwn(text: string): Own {
  const lines = text
    .trim()
    .split('\n')
    .map((line) => line.split(':'));
  return new Map(
    lines.flatMap(([, names = '', path = '/']) => names.split(',').map((name): [string, string] => [name, path])),
  );
}

function findVersion1({ controllers }: Mounts, own: Own, isLimiting: Trial): ControlGroups | null {
  const places = ['memory', 'pids'].map((name) => {
    const mount = controllers.get(name);
    if (mount === undefined) return null;
    // In a container the mount is our own group already, and the path that the kernel names does not exist below it.
    return [join(mount, own.get(name) ?? '/'), mount].find((folder) => isLimiting(folder, knobs[name] ?? [])) ?? null;
  });
  const [memory, pids] = places;
  return memory && pids ? { version: 1, memory, pids } : null;
}

const knobs: Readonly<Record<string, readonly string[]>> = { memory: ['memory.limit_in_bytes'], pids: ['pids.max'] };

function findVersion2({ unified }: Mounts, own: Own, isLimiting: Trial): ControlGroups | null {
  if (unified === null) return null;
  const ours = join(unified, own.get('') ?? '/');
  // A group with processes of its own cannot pass controllers on (cgroup-v2.rst, "No Internal Process Constraint").
  const found = [ours, dirname(ours), unified].find(
    (folder) => folder.startsWith(unified) && canPassOn(folder, isLimiting),
  );
  return found === undefined ? null : { version: 2, memory: found, pids: found };
}

function canPassOn(folder: string, isLimiting: Trial): boolean {
  if (!existsSync(join(folder, 'cgroup.subtree_control'))) return false;
  const passed = readOrEmpty(join(folder, 'cgroup.subtree_control')).split(/\s+/);
  if (!passed.includes('memory') || !passed.includes('pids')) askForControllers(folder);
  return isLimiting(folder, ['memory.max', 'pids.max']);
}

function askForControllers(folder: string): void {
  try {
    writeFileSync(join(folder, 'cgroup.subtree_control'), '+memory +pids');
  } catch {
    // Not ours to change, or it holds processes: `tryGroup` sees that nothing was passed on.
  }
}

function tryGroup({ makeGroup, removeGroup }: GroupHost, folder: string, needed: readonly string[]): boolean {
  const probe = join(folder, `orchestra-probe-${process.pid}`);
  try {
    makeGroup(probe);
  } catch {
    return false;
  }
  const isLimiting = needed.every((file) => existsSync(join(probe, file)));
  removeGroup(probe);
  return isLimiting;
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
