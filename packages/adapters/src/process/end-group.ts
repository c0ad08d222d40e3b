import { setTimeout as wait } from 'node:timers/promises';

/** How a group is ended. */
export interface GroupEnding {
  graceMs: number;
  gone: Promise<unknown>;
  /** Asks it to end; absent: SIGTERM to all of the group. */
  ask?: () => void;
}

/** Asks a process group to end, and ends it after the grace. Returns at once when the group is gone. */
export async function endGroup(pid: number, { graceMs, gone, ask }: GroupEnding): Promise<void> {
  if (ask === undefined) signalGroup(pid, 'SIGTERM');
  else ask();
  const grace = new AbortController();
  await Promise.race([gone, wait(graceMs, null, { signal: grace.signal }).catch(() => null)]);
  grace.abort();
  signalGroup(pid, 'SIGKILL');
}

/** Sends a signal to all processes of a group; a group that is gone already is no error. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // ESRCH: nobody is left. EPERM: what is left runs as another user, and its own namespace ends it.
  }
}
