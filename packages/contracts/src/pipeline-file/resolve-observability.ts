import type { JudgementPlan, ObservabilityPlan, RollbackPlan, Thresholds } from '../plan/plan.ts';
import { toMs } from './fields.ts';
import { resolveEnvironments, resolveEphemeral } from './resolve-environments.ts';
import { resolveJudgement } from './resolve-judgement.ts';
import type { PipelineFile } from './schema.ts';
import type { IsWritten } from './written.ts';

type WrittenWatch = PipelineFile['observability'];

const bytesPerMebibyte = 1_048_576;
const bytesPerKibibyte = 1024;
const defaultErrorPercent = 5;

export function resolveObservability(file: PipelineFile, isWritten: IsWritten): ObservabilityPlan {
  const { observability } = file;
  const thresholds = resolveThresholds(observability, file.rollback);
  const failureLimit = isWritten('observability', 'failure_limit')
    ? observability.failure_limit
    : olderFailureLimit(file);
  return {
    enabled: observability.enabled,
    thresholds,
    intervalMs: toMs(observability.interval_seconds),
    stepWatchMs: toMs(observability.step_watch_seconds),
    releaseWatchMs: toMs(observability.release_watch_seconds),
    minSamples: observability.min_samples,
    failureLimit,
    maxWaitMs: toMs(resolveWaits(observability).maxWaitSeconds),
    judgement: { ...resolveJudgement(observability, thresholds, failureLimit), ...resolvePods(file) },
  };
}

function resolvePods({ deployment, observability }: PipelineFile): Pick<JudgementPlan, 'maxPodRestarts'> {
  if (deployment?.provider !== 'kubernetes') return {};
  return { maxPodRestarts: observability.thresholds.pod_restarts };
}

/** The wait whose default follows from another key. */
export function resolveWaits(observability: WrittenWatch): { maxWaitSeconds: number } {
  return { maxWaitSeconds: observability.max_wait_seconds ?? Math.max(300, 2 * observability.step_watch_seconds) };
}

function resolveThresholds(observability: WrittenWatch, rollback: PipelineFile['rollback']): Thresholds {
  const { thresholds } = observability;
  const { errors, latency, cpu } = olderThresholds(observability, rollback);
  return {
    errorRatio: (thresholds.error_rate_percent ?? errors ?? defaultErrorPercent) / 100,
    latencyMs: thresholds.latency_ms ?? latency ?? null,
    latencyPercentile: thresholds.latency_percentile,
    cpuRatio: scale(thresholds.cpu_percent ?? cpu, 1 / 100),
    memoryBytes: scale(thresholds.memory_mib, bytesPerMebibyte),
    diskBytes: scale(thresholds.disk_mib, bytesPerMebibyte),
    networkBytesPerSecond: scale(thresholds.network_kib_per_second, bytesPerKibibyte),
  };
}

interface OlderThresholds {
  errors: number | undefined;
  latency: number | undefined;
  cpu: number | undefined;
}

// The older thresholds count most, then the older alerts, then those of `rollback`.
function olderThresholds(
  { thresholds, alerts = [] }: WrittenWatch,
  rollback: PipelineFile['rollback'],
): OlderThresholds {
  const alert = (type: string): number | undefined => {
    const found = alerts.find((entry) => entry.type === type);
    return found?.threshold_ms ?? found?.threshold;
  };
  return {
    errors: thresholds.error_rate ?? alert('error_rate') ?? rollback.threshold?.errors,
    latency: thresholds.request_latency ?? alert('latency'),
    cpu: thresholds.cpu_usage ?? alert('cpu') ?? rollback.threshold?.cpu,
  };
}

function scale(value: number | undefined, factor: number): number | null {
  return value === undefined ? null : value * factor;
}

// The older form says for how long a breach must last; here that many samples in a row are bad.
function olderFailureLimit({ observability, rollback }: PipelineFile): number {
  const duration = rollback.threshold?.duration;
  if (duration === undefined) return observability.failure_limit;
  const samples = Math.ceil(durationSeconds(duration) / observability.interval_seconds);
  return Math.min(1000, Math.max(1, samples));
}

const secondsPerUnit: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600 };

function durationSeconds(duration: number | string): number {
  if (typeof duration === 'number') return duration;
  const unit = /[a-z]+$/.exec(duration)?.[0] ?? 's';
  return Number.parseFloat(duration) * (secondsPerUnit[unit] ?? 1);
}

export function resolveRollback(file: PipelineFile): RollbackPlan {
  const { rollback } = file;
  return {
    enabled: rollback.enabled,
    cooldownMs: toMs(rollback.cooldown_seconds),
    budgetPerDay: rollback.budget_per_day,
    ...(rollback.safe === undefined ? {} : { safe: rollback.safe }),
    ...resolveRemoval(file),
  };
}

// The checks have refused all others; a plan cannot name one even so.
function resolveRemoval(file: PipelineFile): Pick<RollbackPlan, 'destroysIn'> {
  const ephemeral = resolveEphemeral(file.deployment);
  const destroysIn = namedForRemoval(file).filter((environment) => ephemeral.includes(environment));
  return destroysIn.length === 0 ? {} : { destroysIn };
}

/** The environments whose infrastructure the file wants destroyed after a rollback. */
export function namedForRemoval({
  rollback,
  deployment,
  pipeline,
}: Pick<PipelineFile, 'rollback' | 'deployment' | 'pipeline'>): readonly string[] {
  const { infrastructure } = rollback;
  if (infrastructure === 'keep') return [];
  if (infrastructure === 'destroy') return resolveEnvironments({ deployment, pipeline });
  return Object.entries(infrastructure).flatMap(([environment, word]) => (word === 'destroy' ? [environment] : []));
}
