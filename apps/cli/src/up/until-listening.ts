import type { ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { OrchestraError } from '@orchestra/contracts';

const patienceMs = 60_000;
const lookEveryMs = 50;

/**
 * Waits until a service process says where it listens and that it has joined.
 *
 * @param log the file that it writes its lines to
 * @returns its port
 * @throws OrchestraError `SERVER_UNREACHABLE` with its last lines when it ends or stays silent
 */
export async function untilListening(log: string, child: ChildProcess): Promise<number> {
  const giveUpAt = performance.now() + patienceMs;
  for (;;) {
    const text = await readFile(log, 'utf8').catch(() => '');
    const port = /"port":(\d+),"msg":"listening"/.exec(text)?.[1];
    if (port !== undefined && text.includes('"msg":"joined"')) return Number(port);
    if (child.exitCode !== null || child.signalCode !== null || performance.now() > giveUpAt) {
      const last = text.trim().split('\n').slice(-5).join('\n');
      throw new OrchestraError('SERVER_UNREACHABLE', `A service does not start (${log}):\n${last}`);
    }
    await pause(lookEveryMs);
  }
}
