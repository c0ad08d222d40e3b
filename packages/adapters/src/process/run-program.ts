import { OrchestraError } from '@orchestra/runtime/errors';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { collect, type Collected } from './collect-output.ts';
import { endGroup, signalGroup } from './end-group.ts';
import { findProgram } from './find-program.ts';
import { guarded } from './guard.ts';
import { coverInherited } from './inherited-descriptors.ts';

/** How a program ended: by itself (also by a signal of its own), or by us, and why. */
export type Ending = 'exited' | 'timed_out' | 'aborted' | 'too_much_output';

export interface ProgramOptions {
  cwd: string;
  /** The whole environment of the program: nothing is inherited. `PATH` in it is also where the program is looked up. */
  env?: Readonly<Record<string, string>>;
  /** What it reads from stdin; absent: nothing. */
  input?: string | Buffer;
  signal?: AbortSignal;
  timeoutMs: number;
  /** From SIGTERM to SIGKILL (default 2 s). */
  graceMs?: number;
  /** Asks the program to end in place of SIGTERM to its group; gets what it has written to descriptor 3. */
  askToEnd?: (status: string) => void;
  /** Kept bytes of stdout and stderr together (default 1 MiB); the rest is read and counted. */
  maxOutputBytes?: number;
  /** Gets the kept output while it comes, made printable, and at the end how much was left out. */
  onOutput?: (text: string) => void;
  /**
   * `guard` (default): a shell beside the program ends its process group when this process dies.
   * `status`: descriptor 3 is a pipe to us; the program has to die with its parent by itself.
   */
  third?: 'guard' | 'status';
}

export interface ProgramResult {
  ending: Ending;
  /** Null when a signal ended it. */
  exitCode: number | null;
  endedBySignal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
  /** What it wrote to descriptor 3; empty unless asked for. */
  status: string;
  truncatedBytes: number;
  durationMs: number;
}

const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
// Output behind the cap is still read, or the program would hang; far behind it, it is no longer a mistake.
const outputFactor = 64;
const drainMs = 1_000;

/**
 * Runs a program to its end, without a shell, in a process group of its own that does not outlive it or this process.
 * Any exit code is a result; the caller judges it.
 *
 * @param program a name to look up, or an absolute path
 * @throws OrchestraError `COMMAND_NOT_FOUND`, not retriable; `COMMAND_FAILED`, retriable, when the system cannot start it
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  options: ProgramOptions,
): Promise<ProgramResult> {
  const file = await findProgram(program, options.env?.['PATH'] ?? defaultPath);
  if (file === null) throw new OrchestraError('COMMAND_NOT_FOUND', `${program} is not installed on this host`);

  const startedAt = performance.now();
  const output = collect(options.maxOutputBytes ?? 1_048_576, options.onOutput);
  if (options.signal?.aborted === true) return report({ ending: 'aborted', exit: [null, null], output, startedAt });

  const child = await start([file, ...args], options);
  const reading = readOutput(child, output);
  const exited = once(child, 'exit').then(([code, signal]): Exit => [code ?? null, signal ?? null]);
  const ending = await supervise({ child, exited, options, output });
  const exit = await exited;
  await drain(child, reading);
  return report({ ending, exit, output, startedAt });
}

type Exit = [number | null, NodeJS.Signals | null];

async function start(command: readonly string[], options: ProgramOptions): Promise<ChildProcess> {
  const status = options.third === 'status';
  const [file = '', ...args] = status ? command : guarded(command);
  const child = spawn(file, args, {
    cwd: options.cwd,
    env: { ...options.env },
    detached: true,
    stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe', 'pipe', ...coverInherited()],
  });
  try {
    await once(child, 'spawn');
  } catch (cause) {
    throw new OrchestraError('COMMAND_FAILED', `${command[0] ?? ''} could not be started in ${options.cwd}`, {
      retriable: true,
      cause,
    });
  }
  // A program that does not read all of its input is not at fault: EPIPE is no error here.
  child.stdin?.on('error', () => undefined).end(options.input);
  return child;
}

async function readOutput(child: ChildProcess, output: Collected): Promise<void> {
  const closed = once(child, 'close');
  child.stdout?.on('data', (chunk: Buffer) => output.add('stdout', chunk));
  child.stderr?.on('data', (chunk: Buffer) => output.add('stderr', chunk));
  child.stdio[3]?.on('error', () => undefined).on('data', (chunk: Buffer) => output.addStatus(chunk));
  await closed;
}

interface Supervised {
  child: ChildProcess;
  exited: Promise<Exit>;
  options: ProgramOptions;
  output: Collected;
}

async function supervise({ child, exited, options, output }: Supervised): Promise<Ending> {
  const ended = new AbortController();
  const maxBytes = (options.maxOutputBytes ?? 1_048_576) * outputFactor;
  const ending = await Promise.race([
    exited.then((): Ending => 'exited'),
    wait(options.timeoutMs, undefined, { signal: ended.signal }).then((): Ending => 'timed_out', never),
    aborted(options.signal, ended.signal).then((): Ending => 'aborted'),
    output.beyond(maxBytes).then((): Ending => 'too_much_output'),
  ]);
  ended.abort();
  const pid = child.pid ?? 0;
  const { graceMs = 2_000, askToEnd } = options;
  const ask = askToEnd === undefined ? {} : { ask: () => askToEnd(output.status()) };
  if (ending !== 'exited') await endGroup(pid, { graceMs, gone: exited, ...ask });
  await exited;
  // Whatever the program left behind in its group, and the guard, end here.
  signalGroup(pid, 'SIGKILL');
  return ending;
}

async function never(): Promise<never> {
  return new Promise(() => undefined);
}

async function aborted(signal: AbortSignal | undefined, ended: AbortSignal): Promise<void> {
  if (signal === undefined) return never();
  if (!signal.aborted) await once(signal, 'abort', { signal: ended }).catch(never);
}

// A grandchild that left the group can hold the pipes open for ever.
async function drain(child: ChildProcess, reading: Promise<void>): Promise<void> {
  const late = new AbortController();
  const timer = wait(drainMs, undefined, { signal: late.signal }).catch(() => undefined);
  const streams = [child.stdout, child.stderr, child.stdio[3]].filter((stream) => stream !== null);
  closeGuard(child.stdio[3]);
  await Promise.race([reading, timer]);
  late.abort();
  for (const stream of streams) stream?.destroy();
}

function closeGuard(pipe: ChildProcess['stdio'][3]): void {
  if (pipe !== null && pipe !== undefined && 'end' in pipe) pipe.end();
}

interface Reported {
  ending: Ending;
  exit: Exit;
  output: Collected;
  startedAt: number;
}

function report({ ending, exit, output, startedAt }: Reported): ProgramResult {
  const [exitCode, endedBySignal] = exit;
  return { ending, exitCode, endedBySignal, ...output.end(), durationMs: Math.round(performance.now() - startedAt) };
}
