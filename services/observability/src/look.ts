import { findRelease, type Plan, type Target } from '@orchestra/contracts';
import { readHeldTarget, type JobContext } from '@orchestra/runtime';
import { addLook, judgeWatch, startWatch, type Verdict, type Watch, type WatchSettings } from './judge/judge-watch.ts';
import { askReference } from './ask-metrics.ts';
import { keepLook } from './history/keep-look.ts';
import { gatherLook } from './gather-look.ts';
import { parseWatch } from './parse-watch.ts';
import { previousRelease } from './previous-release.ts';
import type { Ports } from './ports.ts';
import type { Subject } from './report.ts';

const minuteMs = 60_000;

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
  /** What pods and the output say of what is wrong, and what was wrong with questions to the metrics server. Absent: nothing. */
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
  const { context } = watching;
  const now = context.clock.now().getTime();
  const before = parseWatch(context.job.memo) ?? (await beginWatch(watching, now));
  const settings = settingsOf(watching);
  const { look, problems, ...kept } = await gatherLook(watching, before, now);
  const added = addLook({ ...before, ...kept }, look, settings);
  const watch = added.recent === before.recent ? added : await keepMinute(watching, added, now);
  return { watch, verdict: judgeWatch(watch, settings, now), problems };
}

// Once a minute what was measured is kept beyond the watch.
async function keepMinute(watching: Watching, watch: Watch, now: number): Promise<Watch> {
  const keptMinute = Math.floor(now / minuteMs);
  if (watch.keptMinute === keptMinute || (await keepLook(watching, watch.recent)) === 'nothing') return watch;
  return { ...watch, keptMinute };
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
