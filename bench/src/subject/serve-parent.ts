import type { Reply } from './messages.ts';

export interface Served {
  /** An address, or what else the parent has to know. */
  said: string;
  /** Counts what was kept so far; absent: it keeps nothing. */
  countKept?(): Promise<number>;
  stop(): Promise<void>;
}

/** In a subject: tells the parent that it is ready, answers how much CPU it took, and ends when asked or left alone. */
export async function serveParent({ said, countKept, stop }: Served): Promise<void> {
  const reply = async (): Promise<void> => {
    const { user, system } = process.cpuUsage();
    const memoryMiB = process.resourceUsage().maxRSS / 1024;
    const message: Reply = { said, cpuMs: (user + system) / 1000, memoryMiB, kept: (await countKept?.()) ?? 0 };
    process.send?.(message);
  };
  const end = async (): Promise<void> => {
    await stop();
    process.exit();
  };
  process.on('message', (message) => {
    if (message === 'look') void reply();
    if (message === 'stop') void end();
  });
  process.on('disconnect', () => process.exit(1));
  await reply();
}
