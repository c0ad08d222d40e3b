import { findRelease, type Seizure } from '@orchestra/contracts';
import type { Work } from './gather-facts.ts';

// Longer would hold up the way back of the traffic.
const quickMs = 3_000;

/**
 * Turns the flag of a release off before its traffic goes back: the quickest way. Returns what people have to know: nothing, or
 * that nobody answered. The traffic goes back all the same.
 */
export async function lowerFlag({ context, ports, held, name, key }: Work, seizure: Seizure): Promise<string[]> {
  const { epoch, from, to, ousted } = seizure;
  const leaving = ousted?.release === from ? ousted.manifest : findRelease(held.target, from)?.manifest;
  const flag = leaving?.flag;
  // What is restored has the same flag on, and keeps it.
  if (flag === undefined || findRelease(held.target, to)?.manifest.flag === flag) return [];
  const change = { flag, environment: name.environment, percent: 0, release: from, epoch, key: `${key} ${epoch} 0` };
  try {
    const signal = AbortSignal.any([context.signal, AbortSignal.timeout(quickMs)]);
    if (ports.flags === undefined) return ['flag_not_lowered'];
    await ports.flags.change(change, signal);
    return [];
  } catch (error) {
    if (context.signal.aborted) throw error;
    context.log.warn({ err: error, flag }, 'the flag was not lowered');
    return ['flag_not_lowered'];
  }
}
