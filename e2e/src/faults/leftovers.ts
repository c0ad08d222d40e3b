import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Leftover } from '@orchestra/testkit';
import { lookUntil } from './look-until.ts';

/**
 * What work has left on this machine although all of it is over: workspaces of a platform, and processes that name one.
 * What a killed process left is swept by the next one of its service, which is waited for.
 */
export function findLeftovers(data: string): Promise<Leftover[]> {
  const folders = ['workspaces', 'iac/workspaces'].map((name) => join(data, name));
  const see = async (): Promise<Leftover[]> => [
    ...(await workspacesIn(folders)),
    ...(await processesThatName(folders)),
  ];
  // What stays is told by the invariant, not by a wait.
  return lookUntil({ see, until: ({ length }) => length === 0, timeoutMs: 60_000 }).catch(see);
}

async function workspacesIn(folders: readonly string[]): Promise<Leftover[]> {
  const listed = folders.map(async (folder) => {
    const names = await readdir(folder).catch(() => []);
    return names.map((name): Leftover => ({ kind: 'workspace', name: join(folder, name), run: null }));
  });
  return (await Promise.all(listed)).flat();
}

async function processesThatName(folders: readonly string[]): Promise<Leftover[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  const named = pids.filter((_pid, index) => folders.some((folder) => lines[index]?.includes(`${folder}/`)));
  return named.map((pid): Leftover => ({ kind: 'process', name: pid, run: null }));
}
