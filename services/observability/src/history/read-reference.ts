import { targetKey, type BaselinePlan, type Target } from '@orchestra/contracts';
import type { KeptSample } from '@orchestra/runtime';
import { historyNames } from '../judge/series.ts';
import type { Watch } from '../judge/watch.ts';
import type { Watching } from '../look.ts';
import { previousRelease } from '../previous-release.ts';
import { thinValues } from '../thin-values.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
// So much of a day before and after the time of day is the same hour.
const halfHourMs = hourMs / 2;

interface Span {
  from: number;
  to: number;
}

/**
 * The values with which a release is compared, from the samples that were kept of the release before it, or of whatever
 * served at the same hour of earlier days. A metric of which nothing was kept has an empty list: then it cannot be compared.
 * Undefined: there was no release before.
 */
export async function readReference(
  watching: Watching,
  baseline: BaselinePlan,
  startedAt: number,
): Promise<Watch['reference']> {
  const { context, subject, target, plan, watchMs } = watching;
  const previous = previousRelease(target, subject.release);
  if (baseline.with === 'previous' && previous === null) return undefined;
  const key = targetKey({ repository: context.run.repository, ...subject });
  const spans = spansOf(baseline, { startedAt, watchMs });
  const read = spans.map(async ({ from, to }) =>
    context.store.readSamples({ target: key, from: toIso(from), to: toIso(to) }),
  );
  const samples = (await Promise.all(read)).flat();
  const fit =
    baseline.with === 'previous' ? samples.filter(({ release }) => release === previous) : good(samples, target);
  const names = historyNames(plan.observability.judgement);
  return Object.fromEntries(names.map((name) => [name, valuesOf(name, fit)]));
}

function spansOf(baseline: BaselinePlan, { startedAt, watchMs }: { startedAt: number; watchMs: number }): Span[] {
  // One sample a minute is kept: what a watch measures more often takes longer here.
  if (baseline.with === 'previous') {
    return [{ from: startedAt - Math.max(watchMs, 2 * baseline.minPoints * minuteMs), to: startedAt }];
  }
  const behindMs = Math.min(Math.max(watchMs, halfHourMs), dayMs - hourMs);
  return Array.from({ length: baseline.days }, (_none, index) => {
    const at = startedAt - (index + 1) * dayMs;
    return { from: at - halfHourMs, to: at + behindMs };
  });
}

// What had to be taken back is nothing to be as good as.
function good(samples: readonly KeptSample[], { rollbacks }: Target): readonly KeptSample[] {
  return samples.filter(({ release }) => !rollbacks.some(({ from }) => from === release));
}

function valuesOf(name: string, samples: readonly KeptSample[]): readonly number[] {
  return thinValues(samples.flatMap(({ values }) => values[name] ?? []));
}

function toIso(at: number): string {
  return new Date(at).toISOString();
}
