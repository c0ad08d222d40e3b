import {
  type Check,
  type DeploymentHealth,
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
};

/** The verdict on a step, or the last word about a release. */
export function healthOf(
  subject: Subject,
  { samples = 0, checks = [], ...judged }: Judged,
): Outgoing<'deployment_health'> {
  return { topic: 'deployment_health', data: { ...subject, ...judged, samples, checks } };
}

/** A release is unhealthy. */
export function alertOf(
  subject: Subject,
  { breach, attribution, reason, checks }: Extract<Verdict, { kind: 'breach' }>,
  samples: number,
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
  };
  return { topic: 'observability_alert', data };
}

/** What people see of the watch. */
export function sliceOf(
  { environment, service, release, epoch, step }: Subject,
  shown: Pick<WatchSlice, 'verdict' | 'samples' | 'checks' | 'reason'>,
): SlicePatch<'observability'> {
  return { [`${environment}/${service}`]: { release, epoch, step, ...shown } };
}

/** A breach in words. */
export function describeBreach({ metric, value, threshold, baseline }: Check): string {
  const compared = baseline === null ? '' : `, compared with ${round(baseline)}`;
  if (value === null) return `${metric} is unknown${compared}`;
  const where = value < threshold ? 'under' : 'over';
  return `${metric} is ${round(value)}, ${where} ${round(threshold)}${compared}`;
}

function round(value: number): string {
  return String(Number(value.toPrecision(3)));
}
