import { OrchestraError } from '@orchestra/runtime/errors';
import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** The right of one step to a user id of its own. */
export interface StepUser {
  uid: number;
  /** Gives the id back. */
  release(): void;
}

// Between what distributions give to people (below 60000) and the ids that containers usually map (below 65536).
const first = 61_200;
const last = 65_500;
/** The user of all released processes. */
export const releaseUser = 61_150;
/** The user of all steps that write to folders which are kept. */
export const keeperUser = 61_151;
const lowest = releaseUser;
const taken = new Set<number>();

/** Whether this process can run a step as another user: it is root, and the ids exist in its user namespace. */
export function canSwitchUser(): boolean {
  if (process.getuid?.() !== 0) return false;
  const ranges = readFileSync('/proc/self/uid_map', 'utf8').trim().split('\n');
  return ranges.some((range) => {
    const [start = 0, , length = 0] = range.trim().split(/\s+/).map(Number);
    return start <= lowest && start + length > last;
  });
}

/**
 * Takes a user id that no other step of this process has. Random, so that other processes of the host rarely meet it;
 * a meeting costs only a shared count of processes, for nothing of one step is visible to another.
 */
export function takeStepUser(): StepUser {
  for (let tries = 0; tries < 100; tries += 1) {
    const uid = randomInt(first, last);
    if (!taken.has(uid)) {
      taken.add(uid);
      return { uid, release: () => void taken.delete(uid) };
    }
  }
  throw new OrchestraError('SANDBOX_UNAVAILABLE', 'Too many steps run at once', { retriable: true });
}
