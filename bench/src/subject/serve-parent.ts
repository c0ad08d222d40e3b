import type { Reply } from './messages.ts';

/** In a subject: tells the parent that it is ready, answers how much CPU it took, and ends when asked or left alone. */
export function serveParent(said: string, stop: () => Promise<void>): void {
  const reply = (): void => {
    const { user, system } = process.cpuUsage();
    const message: Reply = { said, cpuMs: (user + system) / 1000 };
    process.send?.(message);
  };
  const end = async (): Promise<void> => {
    await stop();
    process.exit();
  };
  process.on('message', (message) => {
    if (message === 'cpu') reply();
    if (message === 'stop') void end();
  });
  process.on('disconnect', () => process.exit(1));
  reply();
}
