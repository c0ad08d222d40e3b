import type { SandboxResult } from '@orchestra/adapters/sandbox';
import type { Bench, BenchCommand, Workbench } from '@orchestra/adapters/workbench';
import { OrchestraError, type Clock } from '@orchestra/runtime';
import { packFakeArchive, readFakeArchive, type Files } from './fake-archive.ts';
import type { Reach } from './reach.ts';

/** What a command does, and how long it takes. */
export interface CommandEnd {
  exitCode: number;
  stdout: string;
  durationMs: number;
}

/** Hosts on which commands of repositories run, without processes and files. */
export interface FakeBenches {
  /** The open workspaces, by name, with the process that opened them. */
  readonly open: ReadonlyMap<string, string>;
  /** Everything of a process that died: its children died with it. */
  forget(owner: string): void;
  /** The workbench of one process. */
  connect(reach: Reach, clock: Pick<Clock, 'wait' | 'monotonicMs'>): Workbench;
}

/** Creates hosts on which `behave` says what commands do. */
export function createFakeBenches(behave: (files: Files, argv: readonly string[]) => CommandEnd): FakeBenches {
  const open = new Map<string, string>();
  let count = 0;

  async function openBench(around: Around, archives: Parameters<Workbench['open']>[0]): Promise<Bench> {
    const contents = [];
    for (const archive of archives) contents.push(await readFakeArchive(archive));
    const files: Record<string, string> = Object.assign({}, ...contents);
    // Made where it is asked for: an open that fails leaves nothing behind, and no answer can get lost.
    await around.reach.call('bench.open', () => undefined);
    count += 1;
    const path = `/workspace/${count}`;
    open.set(path, around.reach.by);
    return benchOf({ path, files, behave, close: () => void open.delete(path) }, around);
  }

  return {
    open,
    forget(owner) {
      for (const [path, by] of open) if (by === owner) open.delete(path);
    },
    connect: (reach, clock) => ({
      notes: [],
      sweep: async () => {},
      open: (archives) => openBench({ reach, clock }, archives),
    }),
  };
}

interface Around {
  reach: Reach;
  clock: Pick<Clock, 'wait' | 'monotonicMs'>;
}

interface Workspace {
  path: string;
  files: Record<string, string>;
  behave: (files: Files, argv: readonly string[]) => CommandEnd;
  close(): void;
}

function benchOf({ path, files, behave, close }: Workspace, { reach, clock }: Around): Bench {
  return {
    path,
    insidePath: '/workspace',
    seesHost: false,
    async run({ argv, timeoutMs, signal, onOutput }: BenchCommand): Promise<SandboxResult> {
      const { durationMs, exitCode, stdout } = await reach.call('bench.run', () => behave(files, argv), signal);
      const tooLong = durationMs > timeoutMs;
      const aborted = await clock.wait(Math.min(durationMs, timeoutMs), signal).then(
        () => false,
        () => true,
      );
      onOutput?.(stdout);
      const ended = { stdout, stderr: '', truncatedBytes: 0, durationMs };
      if (aborted) return { ...ended, outcome: 'aborted', exitCode: null };
      return tooLong ? { ...ended, outcome: 'timed_out', exitCode: null } : { ...ended, outcome: 'exited', exitCode };
    },
    has: async (name) => name === '.' || name in files,
    read: async (name) => Buffer.from(load(files, name)),
    remove: async (name) => void delete files[name],
    pack: ({ paths = ['.'] }) => packFakeArchive(select(files, paths)),
    close: async () => close(),
  };
}

function load(files: Files, name: string): string {
  const text = files[name];
  if (text === undefined) throw new OrchestraError('NOT_FOUND', `${name} does not exist in the workspace`);
  return text;
}

function select(files: Files, paths: readonly string[]): Files {
  if (paths.includes('.')) return files;
  return Object.fromEntries(paths.map((name) => [name, load(files, name)]));
}
