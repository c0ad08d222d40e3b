import { parseTarget, readWorldKey, worldKey } from '@orchestra/contracts';
import type { ServiceContext, StoredTarget } from '@orchestra/runtime';
import type { Ports } from './ports.ts';

const tendEveryMs = 5_000;

/** Released processes outlive us; what keeps them may not, so it is looked after as long as we run. */
export async function tendWhileRunning(
  { store, clock, log, stopping }: ServiceContext,
  { releases }: Ports,
): Promise<() => Promise<void>> {
  const over = new AbortController();
  const signal = AbortSignal.any([stopping, over.signal]);
  const tending = tend();
  return async () => {
    over.abort();
    await tending;
  };

  async function tend(): Promise<void> {
    while (!signal.aborted) {
      await tendOnce().catch((error: unknown) => log.warn({ err: error }, 'the local target could not be tended'));
      await clock.wait(tendEveryMs, signal).catch(() => {});
    }
  }

  async function tendOnce(): Promise<void> {
    const targets = await store.listTargets(null);
    if (targets.some(isOnThisMachine)) await releases.tend();
  }
}

// What runs in a cluster is kept alive there.
function isOnThisMachine({ target }: StoredTarget): boolean {
  const parsed = parseTarget(target);
  const isThere = parsed.lane !== null || parsed.history.length > 0;
  return isThere && readWorldKey(worldKey(parsed)).namespace === null;
}
