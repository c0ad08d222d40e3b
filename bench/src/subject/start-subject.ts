import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readReply, type Reply } from './messages.ts';

/** A side of a comparison that runs as a process of its own, so that its CPU is its own and nobody shares its loop. */
export interface Subject {
  /** What it said when it was ready: an address, or nothing. */
  said: string;
  /** CPU time of the process since it began, in milliseconds (user and system), its most memory, and what it has kept. */
  look(): Promise<Omit<Reply, 'said'>>;
  /** Asks it to end in order, and waits for it. */
  stop(): Promise<void>;
}

/**
 * Starts a TypeScript file with the arguments and waits until it calls `serveParent`.
 *
 * @throws Error when it ends before; what it printed is on stderr
 */
export async function startSubject(file: URL, args: readonly string[]): Promise<Subject> {
  const execArgv = ['--conditions=source', '--disable-warning=ExperimentalWarning'];
  const child = fork(file, [...args], { execArgv, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const ended = once(child, 'exit').then(() => {
    throw new Error(`${file.pathname} ended before it answered`);
  });
  // Its end is an error only for whoever waits for an answer.
  ended.catch(() => undefined);

  async function next(): Promise<Reply> {
    const [message]: unknown[] = await Promise.race([once(child, 'message'), ended]);
    return readReply(message);
  }

  const { said } = await next();
  return {
    said,
    async look() {
      const reply = next();
      child.send('look');
      return reply;
    },
    async stop() {
      const exit = once(child, 'exit');
      child.send('stop');
      await exit;
    },
  };
}
