import { OrchestraError } from '@orchestra/contracts';
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitFor } from './wait-for.ts';
import { guard } from './watchdog.ts';

const startTimeoutMs = 90_000;

/** A server to start: what it prints goes to the file `log` of its folder. */
export interface ProgramOrder {
  command: string;
  args: string[];
  folder: string;
  env?: Record<string, string>;
  /** Whether the server answers already; `log` is what it printed so far. */
  isReady: (log: string) => Promise<boolean>;
}

/** A local server that runs. */
export interface Program {
  readonly pid: number;

  /** Sends the signal and waits for the end. Does nothing when the program ended before. */
  end(signal: NodeJS.Signals): Promise<void>;
}

/**
 * Starts a server and waits until it is ready. It does not outlive this process, however that ends.
 *
 * @throws OrchestraError `NEIGHBOUR_UNAVAILABLE` with the end of its log, when it does not start or not become ready in 90 s
 */
export async function startProgram(order: ProgramOrder): Promise<Program> {
  mkdirSync(order.folder, { recursive: true });
  const logFile = join(order.folder, 'log');
  const child = await launch(order, logFile);
  const readLog = (): string => readFileSync(logFile, 'utf8');

  async function check(): Promise<boolean> {
    if (child.hasEnded())
      throw new OrchestraError('NEIGHBOUR_UNAVAILABLE', `${order.command} ended: ${tail(readLog())}`);
    return order.isReady(readLog());
  }
  try {
    await waitFor({ check, timeoutMs: startTimeoutMs, lastSeen: () => tail(readLog()) });
  } catch (error) {
    await child.end('SIGKILL');
    throw error;
  }
  return child;
}

async function launch({ command, args, folder, env }: ProgramOrder, logFile: string) {
  const output = openSync(logFile, 'w');
  // In a group of its own: Ctrl-C is for the tests, which then stop their servers in order.
  const options = { cwd: folder, detached: true, env: { ...process.env, ...env } };
  const child = spawn(command, args, { ...options, stdio: ['ignore', output, output] });
  closeSync(output);
  const pid = await pidOf(child, command);
  const release = guard(pid, folder);
  child.unref();

  return {
    pid,
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    async end(signal: NodeJS.Signals): Promise<void> {
      await endOf(child, signal);
      release();
    },
  };
}

function pidOf(child: ChildProcess, command: string): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', (cause) => {
      reject(new OrchestraError('NEIGHBOUR_UNAVAILABLE', `${command} does not start: ${cause.message}`, { cause }));
    });
    if (child.pid !== undefined) resolve(child.pid);
  });
}

function endOf(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  child.ref();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill(signal);
  });
}

function tail(text: string): string {
  return text.slice(-1500).trim();
}
