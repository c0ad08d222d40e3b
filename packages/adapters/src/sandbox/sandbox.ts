/** What one run in a sandbox may use. */
export interface SandboxLimits {
  /** Wall clock; then everything in the sandbox is ended. */
  timeMs: number;
  /** Of all processes together where a memory cgroup can be made, of each process otherwise. */
  memoryBytes: number;
  /** Processes and threads at once. */
  processes: number;
  /** Largest single file. */
  fileBytes: number;
  /** Kept output; the rest is counted. */
  outputBytes: number;
}

/** A folder of the host that a step may write to, and that outlives it. */
export interface KeptFolder {
  from: string;
  /** Absolute; below /opt it is in nobody's way. */
  to: string;
}

/** A part of the host, and where it is seen inside. */
export interface ReadOnlyPath {
  from: string;
  /** Absolute; below /opt it is in nobody's way. */
  to: string;
}

export interface SandboxRun {
  argv: readonly string[];
  /** Absolute path of the folder of the host that can be written; the only one, unless `keptFolders` names others. */
  workspace: string;
  /** Where the program starts, relative to the workspace; absent: its root. */
  folder?: string;
  /** Added to PATH, HOME, LANG and CI; nothing else of an environment exists. */
  env?: Readonly<Record<string, string>>;
  limits: SandboxLimits;
  signal?: AbortSignal;
  /** Gets the output while it comes, made printable. */
  onOutput?: (text: string) => void;
  /** True: the host's network. False: none, not even a loopback that leads anywhere. */
  network: boolean;
  /** Files and folders of the host that can be read. A runner without walls shows the host as it is, and moves nothing. */
  readOnlyPaths?: readonly ReadOnlyPath[];
  /**
   * Folders that are written beside the workspace. All steps that have some run as the same user, or one that begins would
   * take the folder from one that still writes. A runner without walls moves nothing.
   */
  keptFolders?: readonly KeptFolder[];
  /**
   * From SIGTERM to the program, at the time limit or when aborted, to the end of everything; absent: everything ends at
   * once. For programs that write down what they did before they go.
   */
  graceMs?: number;
}

/**
 * `exited`: by itself, whatever the exit code. `not_found`: the program does not exist inside. `memory`: something was ended
 * because the memory was used up. `too_much_output`: ended because it would not stop printing.
 */
export type SandboxOutcome = 'exited' | 'not_found' | 'timed_out' | 'aborted' | 'memory' | 'too_much_output';

export interface SandboxResult {
  outcome: SandboxOutcome;
  /** 128 and the signal's number where a signal ended the program; null unless `exited` or `memory`. */
  exitCode: number | null;
  stdout: string;
  stderr: string;
  truncatedBytes: number;
  durationMs: number;
}

/** Runs code that nobody vouches for. */
export interface Sandbox {
  /**
   * Runs a program and everything it starts, to the end of all of them.
   *
   * @throws OrchestraError `SANDBOX_UNAVAILABLE`, retriable, when the sandbox itself could not start
   */
  run(run: SandboxRun): Promise<SandboxResult>;
  describe(): 'bubblewrap' | 'process';
  /** What every run has to say about it: `unsandboxed`, or nothing. */
  notes: readonly string[];
}

/** Enough for the build of a usual service. */
export const defaultLimits: SandboxLimits = {
  timeMs: 600_000,
  memoryBytes: 4 * 1024 ** 3,
  processes: 512,
  fileBytes: 4 * 1024 ** 3,
  outputBytes: 8 * 1024 ** 2,
};
