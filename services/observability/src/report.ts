import {
  type Check,
  type DeploymentHealth,
  type Judgement,
  type ObservabilityAlert,
  type Outgoing,
  type SlicePatch,
  type WatchSlice,
} from '@orchestra/contracts';
import type { Verdict } from './judge/judge-watch.ts';

/** What is watched: a step of a rollout by its epoch, or a release that serves. */
export interface Subject {
  environment: string;
  service: string;
  release: string | null;
  epoch: number;
  /** 0: no step, the whole release. */
  step: number;
}

type Judged = Pick<DeploymentHealth, 'verdict' | 'final' | 'outcome' | 'reason'> & {
  samples?: number;
  checks?: readonly Check[];
  judgement?: Judgement | null;
};

/** The verdict on a step, or the last word about a release. */
export function healthOf(
  subject: Subject,
  { samples = 0, checks = [], judgement = null, ...judged }: Judged,
): Outgoing<'deployment_health'> {
  return { topic: 'deployment_health', data: { ...subject, ...judged, samples, checks, judgement } };
}

/** A release is unhealthy. */
export function alertOf(
  subject: Subject,
  { breach, attribution, reason, checks }: Extract<Verdict, { kind: 'breach' }>,
  { samples, judgement }: { samples: number; judgement: Judgement | null },
): Outgoing<'observability_alert'> {
  const { metric, value, threshold, baseline } = breach;
  const data: ObservabilityAlert = {
    ...subject,
    attribution,
    source: 'WATCH',
    metric,
    value: value ?? threshold,
    threshold,
    baseline,
    samples,
    reason,
    checks,
    judgement,
  };
  return { topic: 'observability_alert', data };
}

type Shown = Pick<WatchSlice, 'verdict' | 'samples' | 'checks' | 'reason' | 'extendedMs'> & {
  judgement?: Judgement | null;
};

/** What people see of the watch. */
export function sliceOf(
  { environment, service, release, epoch, step }: Subject,
  { judgement = null, ...shown }: Shown,
): SlicePatch<'observability'> {
  const kept = judgement === null ? {} : { judgement };
  return { [`${environment}/${service}`]: { release, epoch, step, ...shown, ...kept } };
}

/** A breach in words, with the first thing that was said to be wrong. */
export function describeBreach(
  { metric, value, threshold, baseline }: Check,
  problems: readonly string[] = [],
): string {
  const [problem] = problems;
  const why = problem === undefined ? '' : `: ${problem}`;
  const compared = baseline === null ? '' : `, compared with ${round(baseline)}`;
  if (value === null) return `${metric} is unknown${compared}${why}`;
  const where = value < threshold ? 'under' : 'over';
  return `${metric} is ${round(value)}, ${where} ${round(threshold)}${compared}${why}`;
}

function round(value: number): string {
  return String(Number(value.toPrecision(3)));
}
