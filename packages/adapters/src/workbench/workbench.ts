import type { Readable } from 'node:stream';
import type { PackOptions } from '../archive/index.ts';
import type { ReadOnlyPath, SandboxResult } from '../sandbox/index.ts';

export interface BenchCommand {
  argv: readonly string[];
  /** Relative to the workspace; absent: its root. */
  folder?: string;
  env?: Readonly<Record<string, string>>;
  /** Tools of ours that the command may read; where commands see the host as it is, they are not moved. */
  readOnlyPaths?: readonly ReadOnlyPath[];
  timeoutMs: number;
  signal: AbortSignal;
  /** Gets the output while it comes, made printable. */
  onOutput?: (text: string) => void;
}

/** One fresh workspace with what was unpacked into it. Paths are relative to it and may come from foreign files. */
export interface Bench {
  /** Absolute path on this host, for programs of ours. */
  path: string;
  /** The same folder as commands in the sandbox see it. */
  insidePath: string;
  /** Whether commands see the files of the host under their own paths. */
  seesHost: boolean;
  /** Runs code of the repository. @throws OrchestraError `SANDBOX_UNAVAILABLE`, retriable */
  run(command: BenchCommand): Promise<SandboxResult>;
  /** Whether a regular file or a folder is there, inside the workspace. */
  has(path: string): Promise<boolean>;
  /** Reads a file of ours or of the repository. @throws OrchestraError as `readInside` */
  read(path: string, maxBytes: number): Promise<Buffer>;
  /** Removes a file or folder, so that a later one is known to be new. @throws OrchestraError as `removeInside` */
  remove(path: string): Promise<void>;
  /** Packs paths as tar.gz, without `.git`. @throws OrchestraError as `packFolder`, through the stream */
  pack(options: Pick<PackOptions, 'paths' | 'maxBytes' | 'signal'>): Readable;
  /** Removes the workspace. */
  close(): Promise<void>;
}

/** Where the code of a repository is built, tested and looked at. */
export interface Workbench {
  /**
   * Opens a workspace and unpacks tar.gz archives into it, a later one over an earlier one.
   *
   * @throws OrchestraError as `unpackArchive`; then nothing stays behind
   */
  open(archives: readonly Readable[], signal: AbortSignal): Promise<Bench>;
  /** Removes the workspaces of processes that were killed. */
  sweep(): Promise<void>;
  /** What every run has to say about this workbench: `unsandboxed`, `network_open`; empty when all is well. */
  notes: readonly string[];
}
