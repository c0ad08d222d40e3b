import { findRelease, targetKey, type Plan, type Target, type TargetName } from '@orchestra/contracts';
import { readHeldTarget, type JobContext } from '@orchestra/runtime';
import {
  addLook,
  decideVerdict,
  startWatch,
  type Look,
  type Verdict,
  type Watch,
  type WatchSettings,
} from './decide-verdict.ts';
import { parseWatch } from './parse-watch.ts';
import type { Measurement, Ports } from './ports.ts';
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
  const measurement = await ports.measurements.measure(targetKey(name), service?.metricsPath ?? null, context.signal);
  const settings = settingsOf(watching);
  const now = context.clock.now().getTime();
  const before = parseWatch(context.job.memo) ?? startWatch(now);
  const watch = addLook(before, lookAt(measurement, subject.release, beside), settings);
  return { watch, verdict: decideVerdict(watch, settings, now) };
}

/** Tells that a watch goes on, and why: once for each reason, not at each look. */
export async function tellWait({ context, subject }: Watching, { watch, verdict }: Looked): Promise<void> {
  const { environment, service, epoch, step } = subject;
  const shown = context.run.slices.observability[`${environment}/${service}`];
  const isTold = shown?.verdict === 'watching' && shown.reason === verdict.reason;
  if (isTold && shown.epoch === epoch && shown.step === step) return;
  const facts = { ...subject, samples: watch.samples, badInARow: watch.badInARow, checks: verdict.checks };
  await context.note({}, [{ what: 'watch goes on', reason: verdict.reason, facts }]);
}

function lookAt(measurement: Measurement | null, release: string | null, beside: string | null): Look | null {
  const counters = release === null ? undefined : measurement?.releases[release];
  if (measurement === null || counters === undefined) return null;
  const { at, countedSince, releases } = measurement;
  return {
    at: at.getTime(),
    countedSince,
    release: counters,
    beside: beside === null ? null : (releases[beside] ?? null),
  };
}

function settingsOf({ plan, watchMs, beside, target, subject }: Watching): WatchSettings {
  const { thresholds, minSamples, failureLimit, maxWaitMs } = plan.observability;
  const recorded = beside === null ? recordedBefore(target, subject.release) : [];
  return { thresholds, minSamples, failureLimit, maxWaitMs, watchMs, recorded };
}

// Where nothing serves beside it, a release is compared with what the one before it measured last.
function recordedBefore(target: Target, release: string | null) {
  const at = target.history.findIndex((record) => record.release === release);
  const previous = at === -1 ? (target.lane?.previous ?? null) : (target.history[at - 1]?.release ?? null);
  return previous === null ? [] : (findRelease(target, previous)?.checks ?? []);
}
