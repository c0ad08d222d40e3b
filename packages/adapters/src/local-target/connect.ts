import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { OrchestraError } from '@orchestra/runtime';
import { parseAnswer, parseControl, type Control } from './parse-answer.ts';
import type { Command } from './supervisor/parse-command.ts';
import { readProcess } from './supervisor/process-stat.ts';
import type { Refusal } from './view.ts';

export interface ConnectOptions {
  /** Folder of the supervisor: state, control file, logs, unpacked releases. */
  folder: string;
  mode: 'bubblewrap' | 'process' | 'auto';
  /** PATH of the supervisor and of what it starts. */
  path: string;
}

/** A way to ask the supervisor of a folder. */
export interface Connection {
  /**
   * Sends a command; starts the supervisor first when none is there and nobody else keeps one.
   *
   * @throws OrchestraError `TARGET_UNREACHABLE` (retriable), or what the supervisor refused: `TARGET_REFUSED` (an older
   * epoch), `RELEASE_NOT_READY`, `ARTIFACT_MISSING`, `NOT_FOUND`
   */
  ask<T>(command: Command, signal?: AbortSignal): Promise<T>;
  /** Whether a supervisor is there now. Starts none. */
  isRunning(): boolean;
}

const maxTries = 3;
const startTimeoutMs = 20_000;
const askTimeoutMs = 15_000;

export function connect(options: ConnectOptions): Connection {
  return {
    isRunning: () => findControl(options.folder) !== null,
    async ask<T>(command: Command, signal?: AbortSignal) {
      return askAgain<T>(options, command, signal);
    },
  };
}

// Every command may be repeated, so a supervisor that dies under a question is replaced and asked again.
async function askAgain<T>(options: ConnectOptions, command: Command, signal?: AbortSignal): Promise<T> {
  for (let tries = 1; tries < maxTries; tries += 1) {
    const answer = await askOnce<T>(options, command, signal).catch(asUnreachable);
    if (!(answer instanceof OrchestraError)) return answer;
    await wait(100, null, signal === undefined ? {} : { signal });
  }
  return askOnce<T>(options, command, signal);
}

async function askOnce<T>(options: ConnectOptions, command: Command, signal?: AbortSignal): Promise<T> {
  const control = findControl(options.folder) ?? (await startSupervisor(options, signal));
  return send<T>(control, command, signal);
}

function asUnreachable(error: unknown): OrchestraError {
  if (error instanceof OrchestraError && error.code === 'TARGET_UNREACHABLE') return error;
  throw error;
}

/** The control data of a supervisor that lives, or of one that others keep alive, or null. */
function findControl(folder: string): Control | null {
  const file = join(folder, 'control.json');
  if (!existsSync(file)) return null;
  const control = parseControl(readFileSync(file, 'utf8'));
  // The processes of another container cannot be seen from here.
  if (control === null || control.isKept) return control;
  return readProcess(control.pid)?.startTicks === control.startTicks ? control : null;
}

async function startSupervisor(options: ConnectOptions, signal?: AbortSignal): Promise<Control> {
  const { folder, mode, path } = options;
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const output = openSync(join(folder, 'supervisor.log'), 'a', 0o600);
  const own = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const program = fileURLToPath(new URL(`./supervisor/main.${own}`, import.meta.url));
  const flags = own === 'ts' ? ['--conditions=source'] : [];
  const started = spawn(process.execPath, [...flags, program, folder, mode], {
    detached: true,
    stdio: ['ignore', output, output],
    env: { PATH: path },
    cwd: '/',
  });
  closeSync(output);
  started.on('error', () => {});
  started.unref();
  return waitForControl(folder, signal);
}

// Somebody else may have started one at the same moment: whichever has the lock is the one that answers.
async function waitForControl(folder: string, signal?: AbortSignal): Promise<Control> {
  const until = performance.now() + startTimeoutMs;
  while (performance.now() < until) {
    signal?.throwIfAborted();
    const control = findControl(folder);
    if (control !== null) return control;
    await wait(20);
  }
  throw unreachable(`The supervisor in ${folder} did not start; see supervisor.log there`);
}

async function send<T>(control: Control, command: Command, signal?: AbortSignal): Promise<T> {
  const { status, text } = await post(control, command, signal);
  if (status === 200 || status === 202) return parseAnswer<T>(text);
  const { code, message } = parseAnswer<Refusal>(text);
  if (status === 409 || status === 404)
    throw new OrchestraError(code, message, { retriable: code === 'RELEASE_NOT_READY' });
  throw unreachable(message);
}

async function post(
  control: Control,
  command: Command,
  signal?: AbortSignal,
): Promise<{ status: number; text: string }> {
  const limit = AbortSignal.timeout(askTimeoutMs);
  try {
    const response = await fetch(`http://${control.host}:${control.port}/`, {
      method: 'POST',
      headers: { authorization: `Bearer ${control.token}` },
      body: JSON.stringify(command),
      signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
    });
    return { status: response.status, text: await response.text() };
  } catch (cause) {
    signal?.throwIfAborted();
    throw unreachable('The supervisor of the local target did not answer', cause);
  }
}

function unreachable(message: string, cause?: unknown): OrchestraError {
  return new OrchestraError('TARGET_UNREACHABLE', message, { retriable: true, cause });
}
