import type { Check, ObservabilityPlan } from '@orchestra/contracts';
import { hasRestarted, hasTraffic, valuesOf, type Stretch, type Values } from './values.ts';
import { isBeyond, judgedMetrics } from './judged-metrics.ts';
import { addToSeries, keptNames, type Series } from './series.ts';
import type { Counters } from '../ports.ts';

/** One release at one moment. */
export interface Look {
  /** Milliseconds since 1970. */
  at: number;
  countedSince: string;
  /** Null: nobody counts its requests. */
  release: Counters | null;
  /** What serves beside it; null: nothing does. */
  beside: Counters | null;
  /** What was asked for, of both. Absent: nothing was. */
  asked?: AskedValues;
}

/** What was asked for of a release and of what serves beside it. */
export interface AskedValues {
  release: Values;
  beside: Values | null;
  /** Whether it is a sample where nobody counts requests. Absent: where any value is known. */
  speaks?: boolean;
}

/** A watch as it is kept from look to look. */
export interface Watch {
  startedAt: number;
  first: Look | null;
  last: Look | null;
  /** Looks that had something to say: with traffic where requests are judged. */
  samples: number;
  /** What the last two looks say; of the disk, what was written since the first. */
  recent: Values | null;
  badInARow: Readonly<Record<string, number>>;
  bad: Readonly<Record<string, number>>;
  /** Whether the newest samples were bad, oldest first: as many as `failureWindow`. */
  lately?: Readonly<Record<string, readonly boolean[]>>;
  /** The values of each metric, sample by sample. */
  series?: Readonly<Record<string, Series>>;
  /** The values that the samples are compared with, where nothing beside it is. */
  reference?: Readonly<Record<string, readonly number[]>>;
  /** How often each pod had been restarted when counting began; -1: it had ended for good by then. */
  pods?: Readonly<Record<string, number>>;
  /** The minute since 1970 whose sample was kept last, beyond the watch. */
  keptMinute?: number;
  /** What the app of each release in a cluster had counted at the last look. */
  apps?: Readonly<Record<string, NonNullable<Counters['app']>>>;
  /** Up to where the output of each release was read. */
  places?: Readonly<Record<string, number>>;
}

export interface WatchSettings extends Pick<
  ObservabilityPlan,
  'thresholds' | 'minSamples' | 'failureLimit' | 'maxWaitMs' | 'judgement'
> {
  /** How long the watch takes at least. */
  watchMs: number;
  /** The measurements of the release before, where nothing serves beside this one. */
  recorded: readonly Check[];
  /** Metrics that are kept sample by sample. Absent: those that the judgement needs where the counters are known. */
  kept?: readonly string[];
}

export function startWatch(at: number): Watch {
  return { startedAt: at, first: null, last: null, samples: 0, recent: null, badInARow: {}, bad: {} };
}

/** Adds one look to a watch. Null: there was no data; it changes nothing, so what was bad stays bad. */
export function addLook(watch: Watch, look: Look | null, settings: WatchSettings): Watch {
  if (look === null) return watch;
  const isCold = look.at < watch.startedAt + (settings.judgement?.warmUpMs ?? 0);
  if (look.release === null) return isCold ? watch : addAsked(watch, look, settings);
  // What a release does while it warms up is where counting begins.
  const stretch = !isCold && isFollowed(watch.last, look) ? stretchOf(watch.last, look) : null;
  return stretch === null ? { ...watch, first: look, last: look } : addCounted(watch, look, { stretch, settings });
}

function addCounted(
  watch: Watch,
  look: Look,
  { stretch, settings }: { stretch: Stretch; settings: WatchSettings },
): Watch {
  const release = { ...countedValues(watch, look, settings), ...look.asked?.release };
  const beside = { ...besideValues(watch, look, settings), ...look.asked?.beside };
  const speaks = hasTraffic(stretch) || !needsTraffic(settings);
  return addSample({ ...watch, last: look }, { release, beside, speaks }, settings);
}

// Nobody counts the requests of the release: what was asked for is all that there is.
function addAsked(watch: Watch, { asked }: Look, settings: WatchSettings): Watch {
  if (asked === undefined) return watch;
  const speaks = asked.speaks ?? Object.values(asked.release).some((value) => value !== null);
  return addSample(watch, { release: asked.release, beside: asked.beside ?? {}, speaks }, settings);
}

/** What one sample says of a release and of what serves beside it. */
export interface Sample {
  release: Values;
  beside: Values;
  /** Whether it counts as a sample: where requests are judged, one without traffic does not. */
  speaks: boolean;
}

/** Adds the values of one sample. */
export function addSample(watch: Watch, { release, beside, speaks }: Sample, settings: WatchSettings): Watch {
  const samples = watch.samples + (speaks ? 1 : 0);
  const names = settings.kept ?? keptNames(settings.judgement);
  const series = addToSeries(watch.series ?? {}, { release, beside }, names);
  return { ...watch, samples, recent: release, series, ...countBad(watch, release, settings) };
}

/** What is counted between two looks. */
export function stretchOf(from: Look, to: Look): Stretch | null {
  if (from.release === null || to.release === null) return null;
  return { from: from.release, to: to.release, seconds: (to.at - from.at) / 1000 };
}

/** What served beside it between two looks; null: nothing did, or its counters began anew. */
export function besideStretch(from: Look | null, to: Look | null): Stretch | null {
  if (!from?.beside || !to?.beside) return null;
  const stretch = { from: from.beside, to: to.beside, seconds: (to.at - from.at) / 1000 };
  return hasRestarted(stretch) ? null : stretch;
}

// What was written adds up: its limit is for the whole watch, not for the time between two looks.
function countedValues({ first, last }: Watch, look: Look, { thresholds }: WatchSettings): Values {
  const stretch = last === null ? null : stretchOf(last, look);
  const whole = first === null ? null : stretchOf(first, look);
  if (stretch === null || whole === null) return {};
  const { disk_bytes } = valuesOf(whole, thresholds.latencyPercentile);
  return { ...valuesOf(stretch, thresholds.latencyPercentile), disk_bytes: disk_bytes ?? null };
}

function besideValues({ last }: Watch, look: Look, { thresholds }: WatchSettings): Values {
  const stretch = besideStretch(last, look);
  return stretch === null ? {} : valuesOf(stretch, thresholds.latencyPercentile);
}

// A metric without data keeps its row: silence is no recovery.
function countBad(watch: Watch, recent: Values, settings: WatchSettings): Counted {
  const window = settings.judgement?.failureWindow ?? settings.failureLimit;
  const counted = { badInARow: { ...watch.badInARow }, bad: { ...watch.bad }, lately: { ...watch.lately } };
  for (const { name, fail, better } of judgedMetrics(settings)) {
    const isBad = isBeyond(recent[name] ?? null, fail, better);
    if (isBad !== null) countOne(counted, { name, isBad, window });
  }
  return counted;
}

interface Counted {
  badInARow: Record<string, number>;
  bad: Record<string, number>;
  lately: Record<string, readonly boolean[]>;
}

function countOne(
  { badInARow, bad, lately }: Counted,
  { name, isBad, window }: { name: string; isBad: boolean; window: number },
): void {
  badInARow[name] = isBad ? (badInARow[name] ?? 0) + 1 : 0;
  bad[name] = (bad[name] ?? 0) + (isBad ? 1 : 0);
  lately[name] = [...(lately[name] ?? []), isBad].slice(-window);
}

function needsTraffic({ thresholds, judgement }: WatchSettings): boolean {
  if (judgement?.onNoTraffic === 'pass') return false;
  return thresholds.errorRatio !== null || thresholds.latencyMs !== null;
}

function isFollowed(last: Look | null, look: Look): last is Look {
  if (last === null || look.release === null || look.countedSince !== last.countedSince) return false;
  const stretch = stretchOf(last, look);
  return stretch !== null && !hasRestarted(stretch);
}
