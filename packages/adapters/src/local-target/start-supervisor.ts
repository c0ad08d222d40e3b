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

/**
 * Starts the supervisor of a folder, which outlives us.
 *
 * @throws OrchestraError `SANDBOX_UNAVAILABLE`, not retriable, when releases cannot run here the way that `mode` demands;
 * `TARGET_UNREACHABLE`, retriable, when it did not come up for another reason
 */
export async function startSupervisor(options: ConnectOptions, signal?: AbortSignal): Promise<Control> {
  const { folder, mode, path, memoryMb = usualMemoryMb } = options;
  mkdirSync(folder, { recursive: true, mode: 0o755 });
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
  return waitForControl(folder, started, signal);
}

// Somebody else may have started one at the same moment: whichever has the lock is the one that answers.
async function waitForControl(folder: string, started: ChildProcess, signal?: AbortSignal): Promise<Control> {
  const until = performance.now() + startTimeoutMs;
  while (performance.now() < until) {
    signal?.throwIfAborted();
    const control = findControl(folder);
    if (control !== null) return control;
    if (started.exitCode === noSandboxExitCode) throw noSandbox(folder);
    await wait(20);
  }
  const message = `The supervisor in ${folder} did not start; see supervisor.log there`;
  throw new OrchestraError('TARGET_UNREACHABLE', message, { retriable: true });
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
