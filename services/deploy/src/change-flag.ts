import { OrchestraError, type Manifest, type Rollout } from '@orchestra/contracts';
import { previousOf, type Work } from './work.ts';

// Longer would hold up the way back of the traffic.
const quickMs = 3_000;

/** Turns the flag of a rollout on for so many percent of the users, where it has one. */
export async function raiseFlag(work: Work, lane: Rollout, signal: AbortSignal): Promise<void> {
  const { flag } = lane.manifest;
  if (flag === undefined) return;
  await change(work, lane, { flag, percent: lane.weights[lane.step - 1] ?? 100, signal });
}

/**
 * Turns the flag off before anything else is done: the quickest way back. It holds up nothing: where nobody answers, the
 * traffic goes back all the same, to a release that does not know the flag.
 */
export async function lowerFlag(work: Work, lane: Rollout): Promise<void> {
  const { flag } = lane.manifest;
  if (flag === undefined || isFlagOf(flag, previousOf(work, lane)?.manifest)) return;
  const { context } = work;
  try {
    const signal = AbortSignal.any([context.signal, AbortSignal.timeout(quickMs)]);
    await change(work, lane, { flag, percent: 0, signal });
  } catch (error) {
    if (context.signal.aborted) throw error;
    const facts = { flag, message: error instanceof Error ? error.message : String(error) };
    await context.note({}, [{ what: 'flag not lowered', reason: 'flags_unavailable', facts }]);
  }
}

/** Whether a release has what is behind a flag: going back to it does not turn the flag off. */
export function isFlagOf(flag: string, manifest: Manifest | undefined): boolean {
  return manifest?.flag === flag;
}

interface FlagChange {
  flag: string;
  percent: number;
  signal: AbortSignal;
}

async function change(
  { ports, name, key }: Work,
  { release, epoch }: Rollout,
  { flag, percent, signal }: FlagChange,
): Promise<void> {
  if (ports.flags === undefined) throw new OrchestraError('FLAGS_REFUSED', 'Nothing keeps feature flags here');
  const { environment } = name;
  await ports.flags.change({ flag, environment, percent, release, epoch, key: `${key} ${epoch} ${percent}` }, signal);
}
