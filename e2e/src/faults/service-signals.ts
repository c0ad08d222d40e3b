import { readdir, readFile } from 'node:fs/promises';
import type { ServiceName } from '@orchestra/contracts';
import { eventually } from '@orchestra/testkit';
import type { PlatformUnderTest } from '../platform.ts';

/** The pids of a service, one a replica. */
export async function pidsOf(platform: PlatformUnderTest, service: ServiceName): Promise<number[]> {
  return (await platform.processes()).filter(({ name }) => name === service).map(({ pid }) => pid);
}

/** Sends a signal to all processes of all services. */
export async function signalAll(platform: PlatformUnderTest, signal: NodeJS.Signals): Promise<void> {
  for (const { pid } of await platform.processes()) process.kill(pid, signal);
}

/** Ends one process, and waits until its follower listens. */
export async function replaceProcess(platform: PlatformUnderTest, pid: number, signal: NodeJS.Signals): Promise<void> {
  const before = (await platform.processes()).find((one) => one.pid === pid);
  process.kill(pid, signal);
  await eventually({
    see: async () => (await platform.processes()).find((one) => isFollower(one, before)),
    // It listens at another port than the one before it.
    until: (follower) => follower !== undefined && follower.pid !== pid && follower.port !== before?.port,
    timeoutMs: 120_000,
  });
}

interface Process {
  name: string;
  replica: number;
}

function isFollower(one: Process, before: Process | undefined): boolean {
  return one.name === before?.name && one.replica === before.replica;
}

/** How many late ends of jobs a process has had to give up because its lease was over. */
export async function countFenced(platform: PlatformUnderTest, pid: number): Promise<number> {
  const port = (await platform.processes()).find((one) => one.pid === pid)?.port;
  const said = await fetch(`http://127.0.0.1:${port}/metrics`).then((answer) => answer.text());
  return Number(/^orchestra_finishes_fenced_total\{.*\} (\d+)$/m.exec(said)?.[1] ?? 0);
}

/** The processes below a process, whichever generation. */
export async function descendantsOf(pid: number): Promise<number[]> {
  const parents = await readParents();
  const found: number[] = [];
  let generation = [pid];
  while (generation.length > 0) {
    const above = new Set(generation);
    generation = [...parents].filter(([, parent]) => above.has(parent)).map(([child]) => child);
    found.push(...generation);
  }
  return found;
}

/** Whether a process is there and does anything. */
export async function isAlive(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return status !== '' && !/\) [ZX] /.test(status);
}

async function readParents(): Promise<Map<number, number>> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const entries = await Promise.all(
    pids.map(async (pid) => {
      const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
      // The name in brackets may hold anything, brackets too.
      const parent = Number(status.slice(status.lastIndexOf(')') + 2).split(' ')[1]);
      return [Number(pid), parent] as const;
    }),
  );
  return new Map(entries);
}
