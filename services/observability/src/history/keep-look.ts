import { targetKey } from '@orchestra/contracts';
import { OrchestraError } from '@orchestra/runtime';
import { historyNames } from '../judge/series.ts';
import type { Values } from '../judge/values.ts';
import type { Watching } from '../look.ts';

/**
 * Keeps what a look has measured of a release that serves alone, beyond its watch. A store that does not take it costs the
 * history a minute, and the watch nothing.
 *
 * @returns `taken`: another look has kept the sample of this minute. `nothing`: there was nothing to keep
 */
export async function keepLook(watching: Watching, values: Values | null): Promise<'kept' | 'taken' | 'nothing'> {
  const { context, subject, target, beside, plan } = watching;
  const { release } = subject;
  if (release === null || beside !== null || target.current !== release) return 'nothing';
  const known = knownOf(values ?? {}, historyNames(plan.observability.judgement));
  if (Object.keys(known).length === 0) return 'nothing';
  const key = targetKey({ repository: context.run.repository, ...subject });
  try {
    return await context.store.keepSample({
      target: key,
      at: context.clock.now().toISOString(),
      release,
      values: known,
    });
  } catch (error) {
    if (!(error instanceof OrchestraError)) throw error;
    context.log.warn({ code: error.code, target: key }, 'sample was not kept');
    return 'nothing';
  }
}

// Seven digits are more than any measurement has.
function knownOf(values: Values, names: readonly string[]): Record<string, number> {
  const known = names.flatMap((name): [string, number][] => {
    const value = values[name] ?? null;
    return value === null ? [] : [[name, Number(value.toPrecision(7))]];
  });
  return Object.fromEntries(known);
}
