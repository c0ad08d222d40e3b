import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { OrchestraError } from '@orchestra/runtime';
import type { ConnectOptions } from './connect.ts';
import { findControl } from './find-control.ts';
import type { Control } from './parse-answer.ts';
import { noSandboxExitCode, usualMemoryMb } from './view.ts';

const startTimeoutMs = 20_000;
const pollMs = 20;
/** How long whoever had the folder is given to write where it listens, before somebody else begins. */
const beginAgainMs = 1_000;

/**
 * Starts the supervisor of a folder, which outlives us.
 *
 * @throws OrchestraError `SANDBOX_UNAVAILABLE`, not retriable, when releases cannot run here the way that `mode` demands;
 * `TARGET_UNREACHABLE`, retriable, when it did not come up for another reason: at once where it ended by itself
 */
export async function startSupervisor(options: ConnectOptions, signal?: AbortSignal): Promise<Control> {
  const { folder } = options;
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const until = performance.now() + startTimeoutMs;
  while (performance.now() < until) {
    const control = await waitForControl({ folder, started: begin(options), until }, signal);
    if (control !== null) return control;
  }
  throw notStarted(`The supervisor in ${folder} did not start; see supervisor.log there`);
}

function begin({ folder, mode, path, memoryMb = usualMemoryMb }: ConnectOptions): ChildProcess {
  const output = openSync(logOf(folder), 'a', 0o600);
  const own = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const program = fileURLToPath(new URL(`./supervisor/main.${own}`, import.meta.url));
  const flags = own === 'ts' ? ['--conditions=source'] : [];
  const started = spawn(process.execPath, [...flags, program, folder, mode], {
    detached: true,
    stdio: ['ignore', output, output],
    env: { PATH: path, LOCAL_TARGET_MEMORY_MB: String(memoryMb) },
    cwd: '/',
  });
  closeSync(output);
  started.on('error', () => {});
  started.unref();
  return started;
}

interface Starting {
  folder: string;
  started: ChildProcess;
  /** In milliseconds of `performance.now()`. */
  until: number;
}

// Somebody else may have started one at the same moment: whichever has the lock is the one that answers. One that was just
// ending had the lock too, and never answers: null, so that another is begun.
async function waitForControl({ folder, started, until }: Starting, signal?: AbortSignal): Promise<Control | null> {
  let endedAt = Number.POSITIVE_INFINITY;
  while (performance.now() < Math.min(until, endedAt + beginAgainMs)) {
    signal?.throwIfAborted();
    const control = findControl(folder);
    if (control !== null) return control;
    if (hasEnded(started) && started.exitCode !== 0) throw whyEnded(folder, started);
    if (hasEnded(started)) endedAt = Math.min(endedAt, performance.now());
    await wait(pollMs);
  }
  return null;
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

function whyEnded(folder: string, { exitCode, signalCode }: ChildProcess): OrchestraError {
  if (exitCode === noSandboxExitCode) return noSandbox(folder);
  return notStarted(`The supervisor in ${folder} ended (${signalCode ?? exitCode}); see supervisor.log there`);
}

function notStarted(message: string): OrchestraError {
  return new OrchestraError('TARGET_UNREACHABLE', message, { retriable: true });
}

function noSandbox(folder: string): OrchestraError {
  const reason = readFileSync(logOf(folder), 'utf8').trimEnd().split('\n').at(-1) ?? '';
  return new OrchestraError(
    'SANDBOX_UNAVAILABLE',
    `No release can start here: ${reason}. Install bubblewrap and allow user namespaces, or accept to run releases without a sandbox (LOCAL_TARGET_SANDBOX=process).`,
  );
}

function logOf(folder: string): string {
  return join(folder, 'supervisor.log');
}
