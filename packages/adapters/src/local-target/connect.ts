import { setTimeout as wait } from 'node:timers/promises';
import { OrchestraError } from '@orchestra/runtime';
import { findControl } from './find-control.ts';
import { parseAnswer, type Control } from './parse-answer.ts';
import { startSupervisor } from './start-supervisor.ts';
import type { Command } from './supervisor/parse-command.ts';
import type { Refusal } from './view.ts';

export interface ConnectOptions {
  /** Folder of the supervisor: state, control file, logs, unpacked releases. */
  folder: string;
  /** How releases run. `auto`: in bubblewrap where it works. */
  mode: 'bubblewrap' | 'process' | 'auto';
  /** Most memory of one process of a release and all that it starts. */
  memoryMb?: number;
  /** PATH of the supervisor and of what it starts. */
  path: string;
}

/** A way to ask the supervisor of a folder. */
export interface Connection {
  /**
   * Sends a command; starts the supervisor first when none is there and nobody else keeps one.
   *
   * @throws OrchestraError `TARGET_UNREACHABLE` (retriable), or what the supervisor refused: `TARGET_REFUSED` (an older
   * epoch), `TARGET_DENIED`, `RELEASE_NOT_READY`, `ARTIFACT_MISSING`, `NOT_FOUND`; `SANDBOX_UNAVAILABLE` when releases
   * cannot run here the way that `mode` demands
   */
  ask<T>(command: Command, signal?: AbortSignal): Promise<T>;
  /** The same of a supervisor that is there; null: none is. Starts none. */
  askRunning<T>(command: Command, signal?: AbortSignal): Promise<T | null>;
  /** How releases run. Starts a supervisor where none is. @throws OrchestraError as `ask` */
  sandbox(signal?: AbortSignal): Promise<Control['sandbox']>;
  /** Whether a supervisor is there now. Starts none. */
  isRunning(): boolean;
}

const maxTries = 3;
const askTimeoutMs = 15_000;

export function connect(options: ConnectOptions): Connection {
  return {
    isRunning: () => findControl(options.folder) !== null,
    async ask<T>(command: Command, signal?: AbortSignal) {
      return askAgain<T>(options, command, signal);
    },
    async askRunning<T>(command: Command, signal?: AbortSignal) {
      const control = findControl(options.folder);
      return control === null ? null : send<T>(control, command, signal);
    },
    async sandbox(signal) {
      await askAgain(options, { kind: 'ping' }, signal);
      const control = findControl(options.folder);
      if (control === null) throw unreachable('The supervisor of the local target has just ended');
      return control.sandbox;
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
