import { spawn, spawnSync } from 'node:child_process';
import { accessSync, closeSync, constants, mkdirSync, openSync, statSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join } from 'node:path';
import { canSwitchUser } from '../../sandbox/step-user.ts';
import { createToolchain, type Mount, type Toolchain } from '../../sandbox/toolchain.ts';
import type { ReleaseSpec } from '../view.ts';

export interface Launched {
  /** The leader of a process group of its own. */
  pid: number;
  /** Calls back once the process that we started has ended. */
  onExit(listener: (how: string) => void): void;
}

export interface Launcher {
  /** Starts one process of a release, which outlives us. @throws when the program cannot be started */
  launch(spec: ReleaseSpec, port: number): Promise<Launched>;
  describe(): 'bubblewrap' | 'process';
}

export interface LaunchOptions {
  /** `auto`: bubblewrap where it works. */
  mode: 'bubblewrap' | 'process' | 'auto';
  path: string;
  logFolder: string;
}

const prlimit = '/usr/bin/prlimit';
const processes = 1024;
// Beside the ids of the steps of builds and tests.
const releaseUser = 61_150;

/** Released processes run in bubblewrap with the host's network where it works, else as plain processes of their own group. */
export function createLauncher(options: LaunchOptions): Launcher {
  const bubblewrap = options.mode === 'process' ? null : findBubblewrap(options.path);
  if (bubblewrap === null && options.mode === 'bubblewrap') throw new Error('bubblewrap does not work here');
  return {
    describe: () => (bubblewrap === null ? 'process' : 'bubblewrap'),
    async launch(spec, port) {
      const started =
        bubblewrap === null ? startPlain(spec, port, options) : startInside({ bubblewrap, spec, port, options });
      await new Promise<void>((resolve, reject) => {
        started.once('spawn', resolve);
        started.once('error', reject);
      });
      started.unref();
      return {
        pid: started.pid ?? 0,
        onExit: (listener) => void started.once('exit', (code, signal) => listener(signal ?? `exit code ${code}`)),
      };
    },
  };
}

interface Bubblewrap {
  program: string;
  toolchain: Toolchain;
  switchUser: boolean;
}

function findBubblewrap(path: string): Bubblewrap | null {
  const program = findSync('bwrap', path);
  if (program === null || !isProgram(prlimit)) return null;
  const switchUser = canSwitchUser();
  const toolchain = createToolchain({ path, toolFolders: [], forOtherUser: switchUser });
  const spec = { folder: '/usr', command: ['true'], env: {} };
  const { status } = spawnSync(program, argumentsOf({ toolchain, spec, port: 1 }), {
    ...(switchUser ? { uid: releaseUser, gid: releaseUser } : {}),
    env: {},
    stdio: 'ignore',
    timeout: 10_000,
  });
  return status === 0 ? { program, toolchain, switchUser } : null;
}

interface Inside {
  toolchain: Toolchain;
  spec: Pick<ReleaseSpec, 'folder' | 'command' | 'env'>;
  port: number;
}

// Not --die-with-parent: a released process outlives the supervisor, and the next one adopts it. The limits are set
// inside, where the count of processes is that of this release alone.
function argumentsOf({ toolchain, spec, port }: Inside): string[] {
  const env = { HOME: '/tmp', LANG: 'C.UTF-8', ...spec.env, PORT: String(port) };
  const readable = ['/etc/ssl', '/etc/ca-certificates', '/etc/alternatives', '/etc/ld.so.cache', '/etc/localtime'];
  const names = ['/etc/resolv.conf', '/etc/hosts', '/etc/nsswitch.conf'];
  return [
    ['--unshare-all', '--share-net', '--unshare-user', '--disable-userns', '--uid', '1000', '--gid', '1000'],
    ['--cap-drop', 'ALL'],
    toolchain.system.flatMap(mountArguments),
    ['--proc', '/proc', '--dev', '/dev', '--size', '67108864', '--tmpfs', '/dev/shm'],
    ['--size', '1073741824', '--tmpfs', '/tmp'],
    [...readable, ...names].flatMap((file) => ['--ro-bind-try', file, file]),
    toolchain.tools.flatMap(mountArguments),
    ['--ro-bind', spec.folder, '/release', '--remount-ro', '/', '--remount-ro', '/dev', '--chdir', '/release'],
    Object.entries(env).flatMap(([name, value]) => ['--setenv', name, value]),
    ['--setenv', 'PATH', [...toolchain.path, '/usr/local/bin:/usr/bin:/bin'].join(':')],
    ['--', toolchain.prlimit, `--nproc=${processes}`, '--core=0', '--', ...spec.command],
  ].flat();
}

function mountArguments({ kind, from, to }: Mount): string[] {
  return kind === 'link' ? ['--symlink', from, to] : ['--ro-bind', from, to];
}

interface StartInside {
  bubblewrap: Bubblewrap;
  spec: ReleaseSpec;
  port: number;
  options: LaunchOptions;
}

function startInside({ bubblewrap, spec, port, options }: StartInside) {
  bubblewrap.toolchain.ensure();
  // Another user can only be used where that user can reach the folder.
  const switchUser = bubblewrap.switchUser && isOpenToAll(spec.folder);
  const output = openLog(options.logFolder, spec.release);
  try {
    return spawn(bubblewrap.program, argumentsOf({ toolchain: bubblewrap.toolchain, spec, port }), {
      ...(switchUser ? { uid: releaseUser, gid: releaseUser } : {}),
      env: {},
      detached: true,
      stdio: ['ignore', output, output],
    });
  } finally {
    closeSync(output);
  }
}

function startPlain(spec: ReleaseSpec, port: number, { path, logFolder }: LaunchOptions) {
  const limited = isProgram(prlimit) ? [prlimit, '--core=0', '--', ...spec.command] : spec.command;
  const [program = '', ...rest] = limited;
  const output = openLog(logFolder, spec.release);
  // Our own Node comes first, as in the sandbox.
  const search = [dirname(process.execPath), path].join(delimiter);
  const env = { HOME: '/tmp', LANG: 'C.UTF-8', ...spec.env, PATH: search, PORT: String(port) };
  try {
    return spawn(program, rest, { cwd: spec.folder, env, detached: true, stdio: ['ignore', output, output] });
  } finally {
    closeSync(output);
  }
}

function openLog(folder: string, release: string): number {
  mkdirSync(folder, { recursive: true });
  return openSync(join(folder, `${release}.log`), 'a', 0o600);
}

function findSync(name: string, path: string): string | null {
  const files = path
    .split(delimiter)
    .filter(isAbsolute)
    .map((folder) => join(folder, name));
  return files.find(isProgram) ?? null;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function isOpenToAll(path: string): boolean {
  for (let folder = path; folder !== '/'; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o005) !== 0o005) return false;
  }
  return true;
}
