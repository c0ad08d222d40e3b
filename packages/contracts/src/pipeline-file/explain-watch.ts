import type { BaselinePlan, JudgementPlan, ObservabilityPlan, Plan, RollbackPlan, Thresholds } from '../plan/plan.ts';
import { renderDuration } from './render-plan-values.ts';

export function explainObservability({ observability, deployment }: Plan): string {
  if (!observability.enabled) return 'nothing: switched off, so every step passes unseen';
  const watch = `watches each step for ${renderDuration(observability.stepWatchMs)} and the release for ${renderDuration(observability.releaseWatchMs)}`;
  const unclear = deployment === null ? '' : `; if unclear: ${deployment.onInconclusive}`;
  const unhealthy = `${renderThresholds(observability.thresholds)}, ${renderLimit(observability)}`;
  const more = explainJudgement(observability.judgement).map((part) => `; ${part}`);
  return `${watch}, every ${renderDuration(observability.intervalMs)}; unhealthy: ${unhealthy}${more.join('')}${unclear}`;
}

function renderLimit({ failureLimit, judgement }: ObservabilityPlan): string {
  const window = judgement?.failureWindow ?? failureLimit;
  return window > failureLimit ? `${failureLimit} of ${window} times` : `${failureLimit} times in a row`;
}

const baselines: Readonly<Record<BaselinePlan['with'], string>> = {
  beside: 'what serves beside it',
  previous: 'what served before it',
  earlier_days: 'the same hour of earlier days',
};

function explainJudgement(judgement: JudgementPlan | undefined): string[] {
  if (judgement === undefined) return [];
  const { metrics, probes, baseline, objectives, warmUpMs, logPatterns = [], maxPodRestarts } = judgement;
  return [
    ...(warmUpMs > 0 ? [`begins after ${renderDuration(warmUpMs)}`] : []),
    ...(probes.length > 0 ? [`also when a probe does not answer (${probes.join(', ')})`] : []),
    ...(maxPodRestarts === undefined
      ? []
      : [`also when a pod is not ready, fails, or is restarted more than ${maxPodRestarts} times`]),
    ...(logPatterns.length > 0
      ? [`counts lines of the output for ${logPatterns.map(({ name }) => name).join(', ')}`]
      : []),
    ...(metrics.length > 0 ? [`asks the metrics server for ${metrics.map(({ name }) => name).join(', ')}`] : []),
    ...(baseline === null
      ? []
      : [`also when worse than ${baselines[baseline.with]} by ${baseline.failPercent} % or more`]),
    ...(objectives === null ? [] : [`also when its objectives reach less than ${objectives.warningPercent} %`]),
  ];
}

function renderThresholds(thresholds: Thresholds): string {
  const parts = [
    above('errors', percent(thresholds.errorRatio)),
    above(`p${thresholds.latencyPercentile} latency`, unit(thresholds.latencyMs, 1, 'ms')),
    above('CPU', percent(thresholds.cpuRatio)),
    above('memory', unit(thresholds.memoryBytes, 1_048_576, 'MiB')),
    above('written to disk', unit(thresholds.diskBytes, 1_048_576, 'MiB')),
    above('network', unit(thresholds.networkBytesPerSecond, 1024, 'KiB/s')),
  ];
  return parts.filter((part) => part !== null).join(' or ');
}

function above(what: string, limit: string | null): string | null {
  return limit === null ? null : `${what} above ${limit}`;
}

function percent(ratio: number | null): string | null {
  return ratio === null ? null : `${Number((ratio * 100).toPrecision(6))} %`;
}

function unit(value: number | null, factor: number, name: string): string | null {
  return value === null ? null : `${Number((value / factor).toPrecision(6))} ${name}`;
}

export function explainRollback({ deployment, rollback }: Plan): string {
  if (deployment === null) return 'nothing: no deployment';
  const { destroysIn = [] } = rollback;
  const removes = `; after it, plans to destroy the infrastructure of ${destroysIn.join(', ')} and asks a person`;
  return `${explainWayBack(rollback)}${destroysIn.length === 0 ? '' : removes}`;
}

function explainWayBack(rollback: RollbackPlan): string {
  if (!rollback.enabled) return 'takes back an unfinished rollout; a finished one only when a person asks';
  if (rollback.safe === false) return 'takes back an unfinished rollout; a finished one only when a person asks';
  const { cooldownMs, budgetPerDay } = rollback;
  return `restores the last healthy release on an alert; rests ${renderDuration(cooldownMs)}, at most ${budgetPerDay} a day for each target`;
}
