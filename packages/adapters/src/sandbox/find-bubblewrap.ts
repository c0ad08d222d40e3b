import { spawnSync } from 'node:child_process';
import { findProgramSync } from '../process/index.ts';
import { bubblewrapArguments } from './bubblewrap-arguments.ts';
import { defaultLimits } from './sandbox.ts';
import { canSwitchUser } from './step-user.ts';
import { createToolchain, type Toolchain } from './toolchain.ts';
import { findUserSwitch, type UserSwitch } from './user-switch.ts';

/** A bubblewrap that was tried here, and what is used with it. */
export interface Bubblewrap {
  /** Absolute path of bwrap. */
  program: string;
  toolchain: Toolchain;
  /** Null: we are not root, and what we start is as unprivileged as we are. */
  switchUser: UserSwitch | null;
}

export type FoundBubblewrap = { kind: 'works'; bubblewrap: Bubblewrap } | { kind: 'fails'; reason: string };

export interface BubblewrapSearch {
  /** Where the host finds its programs, in the form of PATH. */
  path: string;
  /** Folders outside of /usr that can be read inside. */
  toolFolders?: readonly string[];
  /** Where the program is looked for that leaves root; absent: the system's folders. */
  switchPath?: string;
}

/** Looks for bubblewrap and tries it once, as every run will use it. As root it never works without leaving root. */
export function findBubblewrap({ path, toolFolders = [], switchPath }: BubblewrapSearch): FoundBubblewrap {
  const program = findProgramSync('bwrap', path);
  if (program === null) return fails('bwrap is not installed');
  if (findProgramSync('prlimit', '/usr/bin') === null) return fails('prlimit (util-linux) is not installed');
  const leavesRoot = canSwitchUser();
  const switchUser = leavesRoot ? findUserSwitch(switchPath) : null;
  if (leavesRoot && switchUser === null)
    return fails('this process is root, and neither setpriv (util-linux) nor chroot (coreutils) lets it leave root');

  const toolchain = createToolchain({ path, toolFolders, forOtherUser: leavesRoot });
  const bubblewrap = { program, toolchain, switchUser };
  const problem = tryOut(bubblewrap);
  return problem === null ? { kind: 'works', bubblewrap } : fails(problem);
}

function fails(reason: string): FoundBubblewrap {
  return { kind: 'fails', reason };
}

// Any id of the range will do: nothing is written, and it is over before a step can begin.
const probeUser = 61_199;

function tryOut({ program, toolchain, switchUser }: Bubblewrap): string | null {
  const call = {
    argv: ['true'],
    env: {},
    network: false,
    limits: defaultLimits,
    binds: [{ from: '/usr', to: '/workspace', writable: true }],
    folder: '/workspace',
    isAwaited: true,
  };
  const inside = [program, ...bubblewrapArguments(call, { toolchain, groupLimitsMemory: false })];
  const [first = '', ...args] = [...(switchUser?.(probeUser) ?? []), ...inside];
  const stdio = ['ignore', 'ignore', 'pipe', 'pipe'] as const;
  const { status, stderr, error } = spawnSync(first, args, { cwd: '/', env: {}, stdio: [...stdio], timeout: 10_000 });
  if (status === 0) return null;
  return stderr?.toString('utf8').trim() || error?.message || 'bwrap was killed';
}
