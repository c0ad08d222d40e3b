import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync } from 'node:fs';
import { createControlGroup, sweepControlGroups, type ControlGroup } from '../../sandbox/control-group.ts';
import { findBubblewrap } from '../../sandbox/find-bubblewrap.ts';
import { findControlGroups } from '../../sandbox/find-control-groups.ts';
import type { ReleaseSpec } from '../view.ts';
import { openLog } from './release-log.ts';
import { insideBubblewrap, withoutWalls, type ReleaseCommand } from './release-command.ts';

export interface Launched {
  /** The leader of a process group of its own. */
  pid: number;
  /** Calls back once the process that we started has ended. */
  onExit(listener: (how: string) => void): void;
}

export interface Launcher {
  /**
   * Starts one process of a release, which outlives us.
   *
   * @throws when the program cannot be started, or not as another user than root
   */
  launch(spec: ReleaseSpec, port: number): Promise<Launched>;
  describe(): 'bubblewrap' | 'process';
}

export interface LaunchOptions {
  /** `auto`: bubblewrap where it works. */
  mode: 'bubblewrap' | 'process' | 'auto';
  path: string;
  logFolder: string;
  /** Of all processes of one replica together where a memory cgroup can be made, of each of them otherwise. */
  memoryBytes: number;
}

const processes = 1024;
const fileBytes = 4 * 1024 ** 3;

/**
 * Released processes run in bubblewrap with the host's network where it works, else as plain processes of their own group.
 * When we are root they never are.
 *
 * @throws Error when `mode` demands bubblewrap and it does not work here, or when nothing here lets a process leave root
 */
export function createLauncher(options: LaunchOptions): Launcher {
  const found = options.mode === 'process' ? null : findBubblewrap(options);
  if (options.mode === 'bubblewrap' && found?.kind === 'fails') throw new Error(found.reason);
  const limits = { memoryBytes: options.memoryBytes, processes, fileBytes };
  const groups = findControlGroups();
  const wanted = { limits, groupLimitsMemory: groups !== null };
  const start =
    found?.kind === 'works' ? insideBubblewrap(found.bubblewrap, wanted) : withoutWalls(options.path, wanted);

  return {
    describe: () => (found?.kind === 'works' ? 'bubblewrap' : 'process'),
    async launch(spec, port) {
      const command = start(spec, port);
      // Those of releases that a supervisor before us had started, and that are over now.
      if (groups !== null) sweepControlGroups(groups);
      const group = groups === null ? null : createControlGroup(groups, limits);
      return launchIn(group, command, openLog(options.logFolder, spec.log ?? spec.release));
    },
  };
}

async function launchIn(group: ControlGroup | null, command: ReleaseCommand, output: number): Promise<Launched> {
  const { argv, cwd, env } = command;
  const [program = '', ...args] = group === null ? argv : group.joinAndRun(argv);
  try {
    const started = spawn(program, args, { cwd, env, detached: true, stdio: ['ignore', output, output] });
    const ended = endOf(started, group);
    await new Promise<void>((resolve, reject) => {
      started.once('spawn', resolve);
      started.once('error', reject);
    });
    started.unref();
    return { pid: started.pid ?? 0, onExit: (listener) => void ended.then(listener) };
  } catch (error) {
    await group?.close();
    throw error;
  } finally {
    closeSync(output);
  }
}

async function endOf(started: ChildProcess, group: ControlGroup | null): Promise<string> {
  return new Promise((resolve) => {
    started.once('exit', (code, signal) => {
      // Asked before the group is gone.
      const hasUsedUp = group?.ranOutOfMemory() === true;
      resolve(hasUsedUp ? 'its memory was used up' : (signal ?? `exit code ${code}`));
      void group?.close();
    });
  });
}
