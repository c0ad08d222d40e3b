import type { Mount, Toolchain } from './toolchain.ts';
import type { SandboxLimits } from './sandbox.ts';

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

/** What one call of bubblewrap starts, and what it shows of the host beside its software. */
export interface BubblewrapCall {
  argv: readonly string[];
  /** Added to PATH, HOME and LANG; nothing else of an environment exists inside. */
  env: Readonly<Record<string, string>>;
  /** True: the host's network. */
  network: boolean;
  limits: Pick<SandboxLimits, 'memoryBytes' | 'processes' | 'fileBytes'>;
  binds: readonly Bind[];
  /** Where the program starts, inside. */
  folder: string;
  /** True: it ends with the process that started it, and tells that process how, on descriptor 3. */
  isAwaited: boolean;
}

/** A file or folder of the host, and where it is seen inside. */
export interface Bind {
  from: string;
  to: string;
  writable: boolean;
}

export interface Surroundings {
  toolchain: Toolchain;
  /** Whether a control group limits the memory of all processes together. */
  groupLimitsMemory: boolean;
}

/**
 * The arguments of one bubblewrap call. The limits are set inside, by prlimit in the new user namespace: set outside, the
 * number of processes would count everything the user runs on the host, and let nothing start on a busy one.
 */
export function bubblewrapArguments(call: BubblewrapCall, { toolchain, groupLimitsMemory }: Surroundings): string[] {
  return [
    walls(call),
    toolchain.system.flatMap(mountArguments),
    ['--proc', '/proc', '--dev', '/dev'],
    ['--size', String(shmBytes), '--tmpfs', '/dev/shm', '--size', String(tmpBytes), '--tmpfs', '/tmp'],
    [...quiet, ...(call.network ? names : [])].flatMap((path) => ['--ro-bind-try', path, path]),
    toolchain.tools.flatMap(mountArguments),
    call.binds.flatMap(({ from, to, writable }) => [writable ? '--bind' : '--ro-bind', from, to]),
    // Until it is made read-only, the sandbox's own root is a file system in memory without a limit.
    ['--remount-ro', '/', '--remount-ro', '/dev', '--chdir', call.folder],
    Object.entries(environment(call, toolchain)).flatMap(([name, value]) => ['--setenv', name, value]),
    ['--', toolchain.prlimit, ...bounds(call.limits, groupLimitsMemory), '--', ...call.argv],
  ].flat();
}

function walls({ network, isAwaited }: BubblewrapCall): string[] {
  const namespaces = ['--unshare-all', '--unshare-user', '--disable-userns', ...(network ? ['--share-net'] : [])];
  const user = ['--uid', '1000', '--gid', '1000', '--hostname', 'sandbox', '--cap-drop', 'ALL'];
  const bonds = isAwaited ? ['--die-with-parent', '--new-session', '--json-status-fd', '3'] : [];
  return [...namespaces, ...user, ...bonds];
}

// Node reserves more than it uses: where a group limits what is used by all, no process is limited in what it reserves.
function bounds(limits: BubblewrapCall['limits'], groupLimitsMemory: boolean): string[] {
  const data = groupLimitsMemory ? [] : [`--data=${limits.memoryBytes}`];
  return [`--nproc=${limits.processes}`, `--fsize=${limits.fileBytes}`, ...data, '--core=0'];
}

function environment({ env }: BubblewrapCall, { path }: Toolchain): Record<string, string> {
  return { HOME: '/tmp', LANG: 'C.UTF-8', ...env, PATH: [...path, systemPath].join(':') };
}

function mountArguments(mount: Mount): string[] {
  if (mount.kind === 'link') return ['--symlink', mount.from, mount.to];
  return ['--ro-bind', mount.from, mount.to];
}
