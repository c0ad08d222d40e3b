import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServiceName } from '@orchestra/contracts';
import { untilListening } from './until-listening.ts';

export interface Keep {
  name: ServiceName;
  /** From 1. */
  replica: number;
  /** Folder of the process's log. */
  logs: string;
  env: Readonly<Record<string, string | undefined>>;
  /** Called whenever the process is another one. */
  onStart(): void;
  say(line: string): void;
}

/** A service process that is started again whenever it ends. */
export interface Keeper {
  name: ServiceName;
  replica: number;
  pid(): number;
  /** Where its HTTP side listens now. */
  port(): number;
  /** Resolves when the first process listens and has joined its group. */
  ready: Promise<void>;
  /** SIGTERM, and waits for its end. */
  stop(): Promise<void>;
}

/** Keeps one service process running, as a container engine would with `restart: unless-stopped`. */
export function keepRunning({ name, replica, logs, env, onStart, say }: Keep): Keeper {
  const log = join(logs, `${name}-${replica}.log`);
  const stopping = new AbortController();
  let port = 0;
  let child: ChildProcess | null = null;
  const first = Promise.withResolvers<void>();
  const ended = repeat();
  return {
    name,
    replica,
    pid: () => child?.pid ?? 0,
    port: () => port,
    ready: first.promise,
    async stop() {
      stopping.abort();
      child?.kill('SIGTERM');
      await ended;
    },
  };

  async function repeat(): Promise<void> {
    while (!stopping.signal.aborted) {
      const process = await start({ name, log, env });
      child = process;
      // It was asked to stop while this one was on its way.
      if (stopping.signal.aborted) process.kill('SIGTERM');
      onStart();
      const exited = process.exitCode === null ? once(process, 'exit') : Promise.resolve();
      untilListening(log, process).then((found) => {
        port = found;
        onStart();
        first.resolve();
      }, first.reject);
      await exited;
      if (!stopping.signal.aborted)
        say(`${name} ${replica} ended (${process.exitCode ?? process.signalCode}), starting it again`);
    }
  }
}

interface Start {
  name: ServiceName;
  log: string;
  env: Readonly<Record<string, string | undefined>>;
}

async function start({ name, log, env }: Start): Promise<ChildProcess> {
  const output = await open(log, 'w');
  const main = join(import.meta.dirname, '../../../../services', name, 'src/main.ts');
  const started = spawn(process.execPath, ['--conditions=source', main], {
    // Where it listens, and that it has joined, stands in its log as information.
    env: { ...env, PORT: '0', LOG_LEVEL: env['LOG_LEVEL'] === 'debug' ? 'debug' : 'info' },
    stdio: ['ignore', output.fd, output.fd],
  });
  await output.close();
  return started;
}
