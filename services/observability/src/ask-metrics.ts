import type { JudgementPlan, MetricPlan } from '@orchestra/contracts';
import { probeMetric } from './judge/series.ts';
import type { Values } from './judge/values.ts';
import { messageOf } from './message-of.ts';
import { placeOf } from './place-of.ts';
import type { Watching } from './look.ts';
import type { Answers, AskedNames, MetricsServer } from './ports.ts';
import { readReference } from './history/read-reference.ts';
import { wantsHistory } from './history/wants-history.ts';
import { previousRelease } from './previous-release.ts';
import { thinValues } from './thin-values.ts';
import { namesRelease } from './judge/names-release.ts';
import type { Watch } from './judge/watch.ts';

const dayMs = 86_400_000;

/** What was asked for of a release and of what serves beside it, and what was wrong with the questions. */
export interface Asked {
  values: { release: Values; beside: Values | null } | null;
  problems: readonly string[];
}

/** Asks the metrics server and the probes for what the file wants judged; null values where it wants nothing of that. */
export async function askMetrics(watching: Watching): Promise<Asked> {
  const { plan, subject, beside } = watching;
  const { judgement } = plan.observability;
  if (judgement === undefined || (judgement.windowMs === null && judgement.probes.length === 0))
    return { values: null, problems: [] };
  const [release, other] = await Promise.all([
    askFor(subject.release, judgement, watching),
    beside === null ? null : askFor(beside, judgement, watching),
  ]);
  const values = { release: release.values, beside: other?.values ?? null };
  return { values, problems: [...release.problems, ...(other?.problems ?? [])] };
}

async function askFor(release: string | null, judgement: JudgementPlan, watching: Watching): Promise<Answers> {
  const [answers, probed] = await Promise.all([
    askServer(release, judgement, watching),
    askProbes(release, judgement.probes, watching),
  ]);
  return {
    values: { ...answers.values, ...probed.values },
    problems: [...answers.problems, ...probed.problems],
  };
}

async function askServer(release: string | null, judgement: JudgementPlan, watching: Watching): Promise<Answers> {
  const { ports, context, beside } = watching;
  if (judgement.windowMs === null) return { values: {}, problems: [] };
  // A query that does not name the release has the same value for both: what serves beside it has none of its own.
  const metrics = release === beside ? judgement.metrics.filter(namesRelease) : judgement.metrics;
  const server = ports.metricsServer;
  return server === undefined ? unasked(metrics) : server.now(metrics, namesOf(watching, release), context.signal);
}

async function askProbes(release: string | null, paths: readonly string[], watching: Watching): Promise<Answers> {
  const { ports, context } = watching;
  if (paths.length === 0) return { values: {}, problems: [] };
  if (release === null || ports.pages === undefined) return { values: { [probeMetric]: null }, problems: [] };
  try {
    const ratio = await ports.pages.failedRatio({ ...placeOf(watching, release), paths }, context.signal);
    return { values: { [probeMetric]: ratio }, problems: [] };
  } catch (error) {
    context.signal.throwIfAborted();
    return { values: { [probeMetric]: null }, problems: [`The probes cannot be asked: ${messageOf(error)}`] };
  }
}

function unasked(metrics: readonly MetricPlan[]): Answers {
  const values = Object.fromEntries(metrics.map(({ name }) => [name, null]));
  return { values, problems: ['The file asks for metrics, and the platform has no PROMETHEUS_URL'] };
}

/**
 * The values with which the samples of a watch will be compared: those of what served before it, or of the same hour of earlier
 * days: of the metrics server where the file has one, else of what was kept. They are asked for once, when the watch begins.
 * Undefined: the comparison is with something else, or with nothing.
 */
export async function askReference(watching: Watching, startedAt: number): Promise<Watch['reference']> {
  const { plan, ports, watchMs } = watching;
  const { judgement, intervalMs } = plan.observability;
  const baseline = judgement?.baseline ?? null;
  const server = ports.metricsServer;
  if (judgement === undefined || baseline === null || baseline.with === 'beside') return undefined;
  if (wantsHistory(plan.observability)) return readReference(watching, baseline, startedAt);
  if (server === undefined) return undefined;
  const length = Math.max(watchMs, baseline.minPoints * intervalMs);
  if (baseline.with === 'previous') {
    const release = previousRelease(watching.target, watching.subject.release);
    if (release === null) return undefined;
    const past = { from: new Date(startedAt - length), to: new Date(startedAt), stepMs: intervalMs };
    return cut(await askPast(server, watching, { release, past }));
  }
  const days = Array.from({ length: baseline.days }, (_, index) => startedAt - (index + 1) * dayMs);
  const asked = days.map(async (from) => {
    const past = { from: new Date(from), to: new Date(from + length), stepMs: intervalMs };
    return askPast(server, watching, { release: null, past });
  });
  return cut(join(await Promise.all(asked)));
}

interface AskedPast {
  release: string | null;
  past: { from: Date; to: Date; stepMs: number };
}

async function askPast(server: MetricsServer, watching: Watching, { release, past }: AskedPast) {
  const { plan, context } = watching;
  const metrics = plan.observability.judgement?.metrics ?? [];
  // On earlier days other releases served: only a query that names none can be compared with them.
  const own = release === null ? metrics.filter((metric) => !namesRelease(metric)) : metrics;
  return server.past(own, { names: namesOf(watching, release), past }, context.signal);
}

function namesOf({ subject, plan }: Watching, release: string | null): AskedNames {
  const { service, environment } = subject;
  return { service, environment, release, windowMs: plan.observability.judgement?.windowMs ?? 60_000 };
}

type Reference = Readonly<Record<string, readonly number[]>>;

function join(parts: readonly Reference[]): Reference {
  const all = new Map<string, number[]>();
  for (const [name, values] of parts.flatMap((part) => Object.entries(part))) {
    all.set(name, [...(all.get(name) ?? []), ...values]);
  }
  return Object.fromEntries(all);
}

function cut(reference: Reference): Reference {
  return Object.fromEntries(Object.entries(reference).map(([name, values]) => [name, thinValues(values)]));
}
