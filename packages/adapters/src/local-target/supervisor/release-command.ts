import { realpathSync } from 'node:fs';
import { delimiter, dirname } from 'node:path';
import { findProgramSync } from '../../process/index.ts';
import { bubblewrapArguments, type BubblewrapCall } from '../../sandbox/bubblewrap-arguments.ts';
import type { Bubblewrap } from '../../sandbox/find-bubblewrap.ts';
import { isOpenToAll } from '../../sandbox/is-open-to-all.ts';
import { canSwitchUser, releaseUser } from '../../sandbox/step-user.ts';
import { createToolFolder } from '../../sandbox/tool-folder.ts';
import { findUserSwitch, type UserSwitch } from '../../sandbox/user-switch.ts';
import type { ReleaseSpec } from '../view.ts';

/** How one process of a release is started. */
export interface ReleaseCommand {
  argv: readonly string[];
  cwd: string;
  env: Readonly<Record<string, string>>;
}

export interface ReleaseBounds {
  limits: BubblewrapCall['limits'];
  /** Whether a control group limits the memory of all processes together. */
  groupLimitsMemory: boolean;
}

type Command = (spec: ReleaseSpec, port: number) => ReleaseCommand;

const inside = '/release';

/** Commands that start releases in bubblewrap, with the host's network and the release read-only. */
export function insideBubblewrap(bubblewrap: Bubblewrap, { limits, groupLimitsMemory }: ReleaseBounds): Command {
  const { program, toolchain, switchUser } = bubblewrap;
  return (spec, port) => {
    const user = asReleaseUser(switchUser, spec.folder);
    toolchain.ensure();
    const call = {
      argv: spec.command,
      env: { ...spec.env, PORT: String(port) },
      network: true,
      limits,
      binds: [{ from: spec.folder, to: inside, writable: false }],
      folder: inside,
      // A released process outlives the supervisor, and the next one adopts it.
      isAwaited: false,
    };
    const args = bubblewrapArguments(call, { toolchain, groupLimitsMemory });
    return { argv: [...user, program, ...args], cwd: '/', env: {} };
  };
}

/**
 * Commands that start releases as plain processes, where that was asked for.
 *
 * @param path where released programs are looked up; our own Node comes first, as in the sandbox
 * @throws Error when we are root and nothing here lets a process leave it
 */
export function withoutWalls(path: string, { limits, groupLimitsMemory }: ReleaseBounds): Command {
  const switchUser = findSwitch();
  const prlimit = findProgramSync('prlimit', '/usr/bin');
  const data = groupLimitsMemory ? [] : [`--data=${limits.memoryBytes}`];
  // The number of processes is not limited here: the system counts all that the user runs on the whole host.
  const limited = prlimit === null ? [] : [prlimit, `--fsize=${limits.fileBytes}`, ...data, '--core=0', '--'];
  const search = [dirname(nodeFor(switchUser)), path].join(delimiter);
  return (spec, port) => {
    const env = { HOME: '/tmp', LANG: 'C.UTF-8', ...spec.env, PATH: search, PORT: String(port) };
    return { argv: [...asReleaseUser(switchUser, spec.folder), ...limited, ...spec.command], cwd: spec.folder, env };
  };
}

function findSwitch(): UserSwitch | null {
  if (!canSwitchUser()) return null;
  const found = findUserSwitch();
  if (found === null) throw new Error('this process is root, and nothing here lets a release leave root');
  return found;
}

function nodeFor(switchUser: UserSwitch | null): string {
  const node = realpathSync(process.execPath);
  return switchUser === null ? node : createToolFolder(true).reachable(node);
}

// Rather none at all than one that is root: what the user of releases cannot read does not start.
function asReleaseUser(switchUser: UserSwitch | null, folder: string): readonly string[] {
  if (switchUser === null) return [];
  if (!isOpenToAll(folder))
    throw new Error(`${folder} cannot be read by the user of releases: others need r-x on it, and x on what is above`);
  return switchUser(releaseUser);
}
