import { findRelease, targetKey, type Plan, type Target, type TargetName } from '@orchestra/contracts';
import { readHeldTarget, type JobContext } from '@orchestra/runtime';
import {
  addLook,
  judgeWatch,
  startWatch,
  type Look,
  type Verdict,
  type Watch,
  type WatchSettings,
} from './judge/judge-watch.ts';
import { askMetrics, askReference, type Asked } from './ask-metrics.ts';
import { parseWatch } from './parse-watch.ts';
import { previousRelease } from './previous-release.ts';
import type { Counters, Measurement, Ports } from './ports.ts';
import type { Subject } from './report.ts';

export type Context = JobContext<'observability'>;

/** One watch of one attempt. */
export interface Watching {
  context: Context;
  ports: Ports;
  subject: Subject;
  plan: Plan;
  target: Target;
  /** What serves beside it and is compared with it; null: nothing. */
  beside: string | null;
  watchMs: number;
}

/** What the watch knows after one more look. */
export interface Looked {
  watch: Watch;
  verdict: Verdict;
  /** What was wrong with questions to the metrics server. Absent: nothing was. */
  problems?: readonly string[];
}

/** Reads the target that is watched. */
export async function readTargetOf(
  context: Context,
  { environment, service }: Pick<Subject, 'environment' | 'service'>,
): Promise<Target> {
  const held = await readHeldTarget(context, { repository: context.run.repository, environment, service });
  return held.target;
}

/** Measures once and judges what is known by then. */
export async function lookOnce(watching: Watching): Promise<Looked> {
  const { context, ports, subject, plan, beside } = watching;
  const name: TargetName = { repository: context.run.repository, ...subject };
  const service = plan.deployment?.services.find((one) => one.name === subject.service);
  const now = context.clock.now().getTime();
  const before = parseWatch(context.job.memo) ?? (await beginWatch(watching, now));
  const [measurement, asked] = await Promise.all([
    ports.measurements.measure(targetKey(name), service?.metricsPath ?? null, context.signal),
    askMetrics(watching),
  ]);
  const settings = settingsOf(watching);
  const look = lookAt({ measurement, asked, now }, subject.release, beside);
  const watch = addLook(before, look, settings);
  return { watch, verdict: judgeWatch(watch, settings, now), problems: asked.problems };
}

async function beginWatch(watching: Watching, now: number): Promise<Watch> {
  const reference = await askReference(watching, now);
  return reference === undefined ? startWatch(now) : { ...startWatch(now), reference };
}

/** Tells that a watch goes on, and why: once for each reason, not at each look. */
export async function tellWait(
  { context, subject }: Watching,
  { watch, verdict, problems = [] }: Looked,
): Promise<void> {
  const { environment, service, epoch, step } = subject;
  const shown = context.run.slices.observability[`${environment}/${service}`];
  const isTold = shown?.verdict === 'watching' && shown.reason === verdict.reason;
  if (isTold && shown.epoch === epoch && shown.step === step) return;
  const facts = { ...subject, samples: watch.samples, badInARow: watch.badInARow, checks: verdict.checks, problems };
  await context.note({}, [{ what: 'watch goes on', reason: verdict.reason, facts }]);
}

interface Seen {
  measurement: Measurement | null;
  asked: Asked;
  now: number;
}

function lookAt({ measurement, asked, now }: Seen, release: string | null, beside: string | null): Look | null {
  const more = asked.values === null ? {} : { asked: asked.values };
  const counters = countersOf(measurement, release);
  if (measurement === null || counters === null) {
    return asked.values === null ? null : { at: now, countedSince: '', release: null, beside: null, ...more };
  }
  const { at, countedSince } = measurement;
  return { at: at.getTime(), countedSince, release: counters, beside: countersOf(measurement, beside), ...more };
}

function countersOf(measurement: Measurement | null, release: string | null): Counters | null {
  return release === null ? null : (measurement?.releases[release] ?? null);
}

function settingsOf({ plan, watchMs, beside, target, subject }: Watching): WatchSettings {
  const { thresholds, minSamples, failureLimit, maxWaitMs, judgement } = plan.observability;
  const recorded = beside === null ? recordedBefore(target, subject.release) : [];
  const settings = { thresholds, minSamples, failureLimit, maxWaitMs, watchMs, recorded };
  return judgement === undefined ? settings : { ...settings, judgement };
}

// Where nothing serves beside it, a release is compared with what the one before it measured last.
function recordedBefore(target: Target, release: string | null) {
  const previous = previousRelease(target, release);
  return previous === null ? [] : (findRelease(target, previous)?.checks ?? []);
}
