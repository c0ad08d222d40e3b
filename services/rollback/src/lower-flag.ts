import { findRelease, type Seizure } from '@orchestra/contracts';
import type { Work } from './gather-facts.ts';

// Longer would hold up the way back of the traffic.
const quickMs = 3_000;

/**
 * Turns the flag of a release off before its traffic goes back: the quickest way. Returns what people have to know: nothing, or
 * that nobody answered. The traffic goes back all the same.
 */
export async function lowerFlag(work: Work, seizure: Seizure): Promise<string[]> {
  const flag = flagToLower(work, seizure);
  if (flag === null) return [];
  const { context, ports, name, key } = work;
  const { epoch, from: release } = seizure;
  const change = { flag, environment: name.environment, percent: 0, release, epoch, key: `${key} ${epoch} 0` };
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(quickMs)]);
  try {
    await ports.flags?.change(change, signal);
    return ports.flags === undefined ? ['flag_not_lowered'] : [];
  } catch (error) {
    if (context.signal.aborted) throw error;
    context.log.warn({ err: error, flag }, 'the flag was not lowered');
    return ['flag_not_lowered'];
  }
}

// What is restored may have the same flag on, and keeps it.
function flagToLower({ held }: Work, { from, to, ousted }: Seizure): string | null {
  const leaving = ousted?.release === from ? ousted.manifest : findRelease(held.target, from)?.manifest;
  const flag = leaving?.flag ?? null;
  return flag === findRelease(held.target, to)?.manifest.flag ? null : flag;
}
