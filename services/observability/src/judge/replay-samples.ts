import type { Check, ObservabilityPlan } from '@orchestra/contracts';
import { judgeWatch, type Verdict } from './judge-watch.ts';
import { keptValues } from './series.ts';
import type { Values } from './values.ts';
import { addSample, startWatch, type Watch, type WatchSettings } from './watch.ts';

/** What was measured at one moment. */
export interface RecordedSample {
  /** Milliseconds since 1970. */
  at: number;
  release: string;
  values: Values;
  /** What served beside it; null: nothing did. */
  beside: Values | null;
}

/** What the judgement would have said of one release. */
export interface ReplayedRelease {
  release: string;
  startedAt: number;
  /** When it was decided; of `undecided`, when the recording ended. */
  decidedAt: number;
  /** `not_attributed`: bad, but so was what served beside it. `undecided`: the recording ended too early. */
  verdict: 'rolled_back' | 'not_attributed' | 'healthy' | 'inconclusive' | 'undecided';
  reason: string;
  /** What it would have been rolled back for. */
  breach: Check | null;
  samples: number;
  checks: readonly Check[];
}

const dayMs = 86_400_000;

/**
 * Gives recorded samples to the judgement, as the watch after the last step would have had them: one watch for each release,
 * from its first sample on. What was before a release in the recording is its baseline where the plan wants one.
 */
export function replaySamples(samples: readonly RecordedSample[], plan: ObservabilityPlan): ReplayedRelease[] {
  const inOrder = samples.toSorted((left, right) => left.at - right.at);
  const names = [...new Set(inOrder.map(({ release }) => release))];
  return names.map((name, index) => {
    const own = inOrder.filter(({ release }) => release === name);
    const previous = inOrder.filter(({ release }) => release === names[index - 1]);
    return replayRelease({ name, own, previous, all: inOrder }, plan);
  });
}

interface Recording {
  name: string;
  own: readonly RecordedSample[];
  previous: readonly RecordedSample[];
  all: readonly RecordedSample[];
}

function replayRelease(recording: Recording, plan: ObservabilityPlan): ReplayedRelease {
  const { name, own } = recording;
  const startedAt = own[0]?.at ?? 0;
  const settings = settingsOf(own, plan);
  let watch = withReference(startWatch(startedAt), recording, plan);
  let verdict = judgeWatch(watch, settings, startedAt);
  for (const sample of own) {
    watch = addRecorded(watch, sample, settings);
    verdict = judgeWatch(watch, settings, sample.at);
    if (verdict.kind !== 'go_on') return decided({ name, watch, verdict, at: sample.at });
  }
  return decided({ name, watch, verdict, at: own.at(-1)?.at ?? startedAt });
}

function addRecorded(watch: Watch, { at, values, beside }: RecordedSample, settings: WatchSettings): Watch {
  if (at < watch.startedAt + (settings.judgement?.warmUpMs ?? 0)) return watch;
  const speaks = Object.values(values).some((value) => value !== null);
  return addSample(watch, { release: values, beside: beside ?? {}, speaks }, settings);
}

interface Decided {
  name: string;
  watch: Watch;
  verdict: Verdict;
  at: number;
}

function decided({ name, watch, verdict, at }: Decided): ReplayedRelease {
  const { startedAt, samples } = watch;
  const breach = verdict.kind === 'breach' ? verdict.breach : null;
  const { reason, checks } = verdict;
  return { release: name, startedAt, decidedAt: at, verdict: wordOf(verdict), reason, breach, samples, checks };
}

function wordOf(verdict: Verdict): ReplayedRelease['verdict'] {
  switch (verdict.kind) {
    case 'breach':
      return verdict.attribution === 'RELEASE' ? 'rolled_back' : 'not_attributed';
    case 'go_on':
      return 'undecided';
    case 'healthy':
    case 'inconclusive':
      return verdict.kind;
  }
}

function settingsOf(own: readonly RecordedSample[], plan: ObservabilityPlan): WatchSettings {
  const { thresholds, minSamples, failureLimit, maxWaitMs, releaseWatchMs: watchMs, judgement } = plan;
  const kept = [...new Set(own.flatMap(({ values }) => Object.keys(values)))];
  const settings = { thresholds, minSamples, failureLimit, maxWaitMs, watchMs, recorded: [], kept };
  return judgement === undefined ? settings : { ...settings, judgement };
}

function withReference(
  watch: Watch,
  { previous, all }: Recording,
  { judgement, releaseWatchMs }: ObservabilityPlan,
): Watch {
  const baseline = judgement?.baseline ?? null;
  if (baseline?.with === 'earlier_days') {
    const days = Array.from({ length: baseline.days }, (_, index) => watch.startedAt - (index + 1) * dayMs);
    const before = all.filter(({ at }) => days.some((from) => at >= from && at <= from + releaseWatchMs));
    // A day of which nothing is known is no reason to pass.
    const none = Object.fromEntries((judgement?.metrics ?? []).map(({ name }) => [name, []]));
    return { ...watch, reference: { ...none, ...valuesOf(before) } };
  }
  return previous.length === 0 ? watch : { ...watch, reference: valuesOf(previous) };
}

function valuesOf(samples: readonly RecordedSample[]): Record<string, number[]> {
  const all = new Map<string, number[]>();
  for (const [name, value] of samples.flatMap(({ values }) => Object.entries(values))) {
    if (value !== null) all.set(name, [...(all.get(name) ?? []), value].slice(-keptValues));
  }
  return Object.fromEntries(all);
}
