import { chmod, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '../process/index.ts';

/** A fresh folder for one attempt. */
export interface Workspace {
  /** Absolute. */
  path: string;
  /** Removes the folder with everything in it. Repeating it changes nothing. */
  close(): Promise<void>;
}

/** Where attempts get their workspaces. */
export interface Workspaces {
  open(): Promise<Workspace>;
  /** Removes what processes of this host left that were killed. Call it at start. */
  sweep(): Promise<void>;
}

/** Creates workspaces below a folder, which has to be one that the user inside the sandbox can pass. */
export function createWorkspaces(parent: string): Workspaces {
  const prefix = ownerName().then((owner) => `orchestra-${owner}-`);

  return {
    async open() {
      // 0711: the step's user may pass, nobody may look who else is here.
      await mkdir(parent, { recursive: true, mode: 0o711 });
      const path = await mkdtemp(join(parent, await prefix));
      await chmod(path, 0o700);
      return { path, close: async () => removeTree(path) };
    },
    async sweep() {
      const names = await readdir(parent).catch(() => []);
      for (const name of names) if (await isOrphan(name)) await removeTree(join(parent, name));
    },
  };
}

// Host, process and its start: neither a container with the same process id nor a later process is taken for the owner.
async function ownerName(): Promise<string> {
  return `${hostName()}-${process.pid}-${(await startOf(process.pid)) ?? 0}`;
}

function hostName(): string {
  return hostname().replace(/[^A-Za-z0-9]/g, '_');
}

async function isOrphan(name: string): Promise<boolean> {
  const [, host, pid, start] = /^orchestra-(\w+)-(\d+)-(\d+)-\w{6}$/.exec(name) ?? [];
  if (host !== hostName() || pid === undefined) return false;
  return ((await startOf(Number(pid))) ?? 'ended') !== start;
}

/** When a process was started, in clock ticks since boot; null: it does not exist (or this is no Linux). */
async function startOf(pid: number): Promise<string | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold spaces; the start is field 22, the 20th behind it (proc(5)).
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

async function removeTree(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch {
    // A step can take the rights from its own folders; they are still ours to change.
    await runProgram('chmod', ['-R', 'u+rwX', '--', path], { cwd: '/', timeoutMs: 120_000 });
    await rm(path, { recursive: true, force: true });
  }
}
