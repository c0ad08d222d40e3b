import { OrchestraError } from '@orchestra/runtime';
import { setTimeout as wait } from 'node:timers/promises';
import { deniedBy, readRefusal } from './read-refusal.ts';
import type { TargetNames } from './target-names.ts';

const maxTries = 5;

/**
 * Does `work`, which gathers and writes what is held to what it gathered, again where the world has changed in between; five
 * times at most.
 *
 * @throws OrchestraError `TARGET_UNREACHABLE`, retriable, when it changed each time; `TARGET_DENIED` for other refusals
 */
export async function retryConflicts<T>(
  names: TargetNames,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      throwUnlessStale(error, { names, isLast: attempt >= maxTries });
      await wait(50 + Math.random() * 150, null, signal === undefined ? {} : { signal });
    }
  }
}

function throwUnlessStale(error: unknown, { names, isLast }: { names: TargetNames; isLast: boolean }): void {
  if (!isStale(error)) throw deniedBy(error);
  if (isLast) throw busy(names, error);
}

// A conflict over who manages a field is none that waiting mends.
function isStale(error: unknown): boolean {
  const refusal = readRefusal(error);
  return refusal?.status === 409 && refusal.conflicts.length === 0;
}

function busy({ target }: TargetNames, cause: unknown): OrchestraError {
  const message = `${target} was changed by others each time it was to be written`;
  return new OrchestraError('TARGET_UNREACHABLE', message, { retriable: true, cause });
}
