import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { ServiceName } from '@orchestra/contracts';
import { eventually } from '@orchestra/testkit';

/** How a process ended. */
export interface Ended {
  code: number | null;
  signal: string | null;
  /** From the order to stop to the end. */
  afterMs: number;
}

/** One service as a process of its own, started by its main.ts. */
export interface ServiceProcess extends AsyncDisposable {
  url: string;
  /** Sends SIGTERM, and waits for the end. */
  terminate(): Promise<Ended>;
}

/** Starts a service, and waits until it listens and has joined its group. */
export async function startServiceProcess(
  name: ServiceName,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<ServiceProcess> {
  const main = join(import.meta.dirname, '../../services', name, 'src/main.ts');
  const env = { ...environment, HOST: '127.0.0.1', PORT: '0' };
  const child = spawn(process.execPath, ['--conditions=source', main], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = once(child, 'exit');
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  await eventually({ see: () => hasEnded() || said.includes('"msg":"joined"'), until: Boolean, timeoutMs: 60_000 });
  const port = /"port":(\d+),"msg":"listening"/.exec(said)?.[1];
  if (hasEnded() || port === undefined) throw new Error(`${name} did not start:\n${said}`);

  return {
    url: `http://127.0.0.1:${port}`,
    async terminate() {
      const askedAt = performance.now();
      child.kill('SIGTERM');
      await exited;
      return { code: child.exitCode, signal: child.signalCode, afterMs: performance.now() - askedAt };
    },
    async [Symbol.asyncDispose]() {
      if (hasEnded()) return;
      child.kill('SIGKILL');
      await exited;
    },
  };
}
