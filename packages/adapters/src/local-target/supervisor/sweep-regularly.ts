import type { Supervisor } from './supervise.ts';
import { sweepFolders } from './sweep-folders.ts';

const sweepEveryMs = 60_000;

/** Clears away what no release of any target needs, now and every minute, as long as this process runs. */
export function sweepRegularly(root: string, { targets }: Pick<Supervisor, 'targets'>): void {
  let sweeping: Promise<void> | null = null;
  void sweep();
  setInterval(() => void sweep(), sweepEveryMs).unref();

  async function sweep(): Promise<void> {
    sweeping ??= sweepOnce().finally(() => {
      sweeping = null;
    });
    return sweeping;
  }

  async function sweepOnce(): Promise<void> {
    const releases = [...targets.values()].flatMap((target) => [...target.releases.values()]);
    try {
      await sweepFolders({ root, needed: releases.map(({ state }) => state.spec.folder), now: Date.now() });
    } catch (error) {
      // Standard error is supervisor.log. What could not be removed now is tried again.
      process.stderr.write(`unpacked releases could not be cleared away: ${String(error)}\n`);
    }
  }
}
