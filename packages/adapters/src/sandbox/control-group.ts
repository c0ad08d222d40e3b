import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { systemCodeOf } from '@orchestra/runtime/errors';

/** A control group for one run: its limits hold for all processes of the sandbox together. */
export interface ControlGroup {
  /** The command that starts another one as a member of the group, with all it starts. */
  joinAndRun(command: readonly string[]): readonly string[];
  /** Whether the kernel ended a process of the group because the memory was used up. */
  ranOutOfMemory(): boolean;
  /** Ends what is left in the group and removes it. */
  close(): Promise<void>;
}

/** A place where groups can be made. `memory` and `pids` are the same folder in version 2. */
export interface ControlGroups {
  version: 1 | 2;
  memory: string;
  pids: string;
}

export interface GroupLimits {
  memoryBytes: number;
  processes: number;
}

// The sandbox's own processes belong to the group as well.
const ownProcesses = 8;
let count = 0;

/** Makes a group. Throws what the file system says when this place does not allow it after all. */
export function createControlGroup(groups: ControlGroups, limits: GroupLimits): ControlGroup {
  count += 1;
  const name = `orchestra-${process.pid}-${count}`;
  const folders = [...new Set([join(groups.memory, name), join(groups.pids, name)])];
  for (const folder of folders) mkdirSync(folder);
  const [memory = '', pids = memory] = folders;
  if (groups.version === 2) limitVersion2(memory, limits);
  else limitVersion1({ memory, pids, limits });

  return {
    joinAndRun: (command) => ['/bin/sh', '-c', joining, 'join', ...folders.map(membersOf), '--', ...command],
    ranOutOfMemory: () => readKills(join(memory, groups.version === 2 ? 'memory.events' : 'memory.oom_control')) > 0,
    async close() {
      for (const folder of folders) await removeGroup(folder);
    },
  };
}

// The shell writes its own id to the group's files and becomes the next program: nothing runs outside the group.
const joining = 'while [ "$1" != -- ]; do echo $$ > "$1" || exit 1; shift; done; shift; exec "$@"';

function membersOf(folder: string): string {
  return join(folder, 'cgroup.procs');
}

function limitVersion2(folder: string, { memoryBytes, processes }: GroupLimits): void {
  writeFileSync(join(folder, 'memory.max'), String(memoryBytes));
  writeFileSync(join(folder, 'pids.max'), String(processes + ownProcesses));
  // One process of a build that is ended alone leaves the rest hanging; without swap accounting the file does not exist.
  writeIfThere(join(folder, 'memory.oom.group'), '1');
  writeIfThere(join(folder, 'memory.swap.max'), '0');
}

function limitVersion1({ memory, pids, limits }: { memory: string; pids: string; limits: GroupLimits }): void {
  writeFileSync(join(memory, 'memory.limit_in_bytes'), String(limits.memoryBytes));
  writeIfThere(join(memory, 'memory.memsw.limit_in_bytes'), String(limits.memoryBytes));
  writeFileSync(join(pids, 'pids.max'), String(limits.processes + ownProcesses));
}

function writeIfThere(file: string, value: string): void {
  try {
    writeFileSync(file, value);
  } catch {
    // The kernel was built or booted without this knob.
  }
}

function readKills(file: string): number {
  const match = /^oom_kill (\d+)$/m.exec(readOrEmpty(file));
  return Number(match?.[1] ?? 0);
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

const removeTries = 100;

// A group can be removed once its last process is gone, and that takes the kernel a moment.
async function removeGroup(folder: string): Promise<void> {
  for (let tries = 0; tries < removeTries; tries += 1) {
    endMembers(folder);
    if (isRemoved(folder)) return;
    await wait(10);
  }
}

function endMembers(folder: string): void {
  const members = readOrEmpty(membersOf(folder)).split('\n').filter(Boolean).map(Number);
  for (const pid of members) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself.
    }
  }
}

function isRemoved(folder: string): boolean {
  try {
    rmdirSync(folder);
    return true;
  } catch (error) {
    return systemCodeOf(error) === 'ENOENT';
  }
}

/** Removes the empty groups of processes that were killed. */
export function sweepControlGroups({ memory, pids }: ControlGroups): void {
  const names = [memory, pids].flatMap((folder) => readdirSync(folder).map((name) => ({ folder, name })));
  for (const { folder, name } of names) {
    const owner = /^orchestra-(\d+)-\d+$/.exec(name)?.[1];
    if (owner !== undefined && !isAlive(Number(owner))) isRemoved(join(folder, name));
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCodeOf(error) === 'EPERM';
  }
}
