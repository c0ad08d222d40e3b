import type { SandboxResult } from '@orchestra/adapters/sandbox';
import type { BenchCommand, Workbench } from '@orchestra/adapters/workbench';
import { OrchestraError } from '@orchestra/contracts';
import { Readable } from 'node:stream';

/** A workbench without files and processes, and what became of it. */
export interface FakeWorkbench extends Workbench {
  commands: BenchCommand[];
  /** Workspaces that are open: 0 after a handler that cleans up. */
  openCount: number;
  /** How many archives were unpacked into each workspace. */
  unpacked: number[];
}

export interface FakeBench {
  /** What stands in the workspace; a command may change it. */
  files?: Record<string, string>;
  /** Answers a command; what it leaves out is a success without output. */
  answer?: (command: BenchCommand, files: Record<string, string>) => Partial<SandboxResult>;
  notes?: readonly string[];
}

const success: SandboxResult = {
  outcome: 'exited',
  exitCode: 0,
  stdout: '',
  stderr: '',
  truncatedBytes: 0,
  durationMs: 1,
};

/** Creates a fake that answers commands by a function and keeps files in memory. */
export function createFakeWorkbench({ files = {}, answer, notes = [] }: FakeBench = {}): FakeWorkbench {
  const fake: FakeWorkbench = { commands: [], openCount: 0, unpacked: [], notes, sweep: async () => {}, open };
  return fake;

  async function open(archives: readonly Readable[]): ReturnType<Workbench['open']> {
    for (const archive of archives) archive.resume();
    fake.openCount += 1;
    fake.unpacked.push(archives.length);
    const own = { ...files };
    return {
      path: '/host/workspace',
      insidePath: '/workspace',
      seesHost: false,
      run: async (command) => {
        fake.commands.push(command);
        const result = { ...success, ...answer?.(command, own) };
        command.onOutput?.(result.stdout);
        return result;
      },
      has: async (path) => path === '.' || path in own,
      read: async (path) => {
        const text = own[path];
        if (text === undefined) throw new OrchestraError('NOT_FOUND', `${path} does not exist in the workspace`);
        return Buffer.from(text);
      },
      remove: async (path) => {
        delete own[path];
      },
      pack: ({ paths = ['.'] }) => Readable.from(packAll(paths, own)),
      close: async () => {
        fake.openCount -= 1;
      },
    };
  }
}

function* packAll(paths: readonly string[], files: Record<string, string>): Generator<string> {
  const missing = paths.find((path) => path !== '.' && !(path in files));
  if (missing !== undefined) throw new OrchestraError('NOT_FOUND', `${missing} does not exist in the workspace`);
  yield JSON.stringify({ paths, files });
}
