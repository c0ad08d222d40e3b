import { posix } from 'node:path';
import type { Mount, Toolchain } from './toolchain.ts';
import type { SandboxLimits, SandboxRun } from './sandbox.ts';

const inside = '/workspace';
const systemPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
// What toolchains outside of /usr need, one by one: certificates, the linker's cache, Debian's alternatives, the time zone.
const quiet = [
  '/etc/ssl',
  '/etc/pki',
  '/etc/ca-certificates',
  '/etc/alternatives',
  '/etc/ld.so.cache',
  '/etc/localtime',
];
const names = ['/etc/resolv.conf', '/etc/hosts', '/etc/nsswitch.conf'];
const shmBytes = 64 * 1024 ** 2;
const tmpBytes = 1024 ** 3;

export interface Surroundings {
  toolchain: Toolchain;
  /** Whether a control group limits the memory of all processes together. */
  groupLimitsMemory: boolean;
}

/**
 * The arguments of one bubblewrap call. The limits are set inside, by prlimit in the new user namespace: set outside, the
 * number of processes would count everything the user runs on the host, and let nothing start on a busy one.
 */
export function bubblewrapArguments(run: SandboxRun, { toolchain, groupLimitsMemory }: Surroundings): string[] {
  return [
    walls(run.network),
    toolchain.system.flatMap(mountArguments),
    ['--proc', '/proc', '--dev', '/dev'],
    ['--size', String(shmBytes), '--tmpfs', '/dev/shm', '--size', String(tmpBytes), '--tmpfs', '/tmp'],
    [...quiet, ...(run.network ? names : [])].flatMap((path) => ['--ro-bind-try', path, path]),
    toolchain.tools.flatMap(mountArguments),
    (run.readOnlyPaths ?? []).flatMap(({ from, to }) => ['--ro-bind', toolchain.reachable(from), to]),
    // Until it is made read-only, the sandbox's own root is a file system in memory without a limit.
    ['--bind', run.workspace, inside, '--remount-ro', '/', '--remount-ro', '/dev'],
    ['--chdir', posix.join(inside, run.folder ?? '.')],
    Object.entries(environment(run, toolchain)).flatMap(([name, value]) => ['--setenv', name, value]),
    ['--', toolchain.prlimit, ...bounds(run.limits, groupLimitsMemory), '--', ...run.argv],
  ].flat();
}

function walls(network: boolean): string[] {
  const namespaces = ['--unshare-all', '--unshare-user', '--disable-userns', ...(network ? ['--share-net'] : [])];
  const user = ['--uid', '1000', '--gid', '1000', '--hostname', 'sandbox', '--cap-drop', 'ALL'];
  return [...namespaces, ...user, '--die-with-parent', '--new-session', '--json-status-fd', '3'];
}

// Node reserves more than it uses: where a group limits what is used by all, no process is limited in what it reserves.
function bounds(limits: SandboxLimits, groupLimitsMemory: boolean): string[] {
  const data = groupLimitsMemory ? [] : [`--data=${limits.memoryBytes}`];
  return [`--nproc=${limits.processes}`, `--fsize=${limits.fileBytes}`, ...data, '--core=0'];
}

function environment(run: SandboxRun, { path }: Toolchain): Record<string, string> {
  const own = { HOME: '/tmp', LANG: 'C.UTF-8', CI: 'true' };
  return { ...own, ...run.env, PATH: [...path, systemPath].join(':') };
}

function mountArguments(mount: Mount): string[] {
  if (mount.kind === 'link') return ['--symlink', mount.from, mount.to];
  return ['--ro-bind', mount.from, mount.to];
}
