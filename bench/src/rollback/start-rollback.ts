import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { waitUntil } from '../wait-until.ts';

/** The rollback service as a process of its own. */
export interface RollbackProcess {
  stop(): Promise<void>;
}

const main = join(import.meta.dirname, '../../../services/rollback/src/main.ts');

/** Starts it as its users do, with nothing set but where it finds its servers, and waits until it has joined its group. */
export async function startRollback(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<RollbackProcess> {
  const env = { ...environment, HOST: '127.0.0.1', PORT: '0' };
  const child = spawn(process.execPath, ['--conditions=source', main], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-20_000);
  });
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  await waitUntil('rollback', async () => hasEnded() || said.includes('"msg":"joined"'), { timeoutMs: 120_000 });
  if (hasEnded()) throw new Error(`rollback does not start:\n${said}`);
  return {
    async stop() {
      child.kill('SIGTERM');
      if (!hasEnded()) await once(child, 'exit');
    },
  };
}
