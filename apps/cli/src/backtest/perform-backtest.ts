import { readFile } from 'node:fs/promises';
import { OrchestraError, type ObservabilityPlan } from '@orchestra/contracts';
import { replaySamples, type RecordedSample, type ReplayedRelease } from '@orchestra/observability';
import type { Console } from '../console.ts';
import { parsePolicy } from './parse-policy.ts';
import { parseSamples } from './parse-samples.ts';
import { readPrometheus } from './read-prometheus.ts';
import { renderBacktest, summarizeBacktest } from './render-backtest.ts';

/** What is judged, and by what. */
export interface BacktestOptions {
  policy: string;
  /** A file of samples, `-`, or the address of a metrics server. */
  from: string;
  service?: string;
  environment?: string;
  release?: string;
  beside?: string;
  start?: Date;
  end?: Date;
}

export interface Backtested {
  releases: readonly ReplayedRelease[];
  lines: readonly string[];
  summary: string;
}

/** Gives a recording to the judgement of a policy. @throws OrchestraError `NOT_FOUND`, `REQUEST_INVALID`, `METRICS_*` */
export async function performBacktest(
  options: BacktestOptions,
  console: Pick<Console, 'environment' | 'readInput'>,
): Promise<Backtested> {
  const plan = await parsePolicy(await load(options.policy), options.policy);
  const samples = await gather(options, plan, console);
  if (samples.length === 0) throw new OrchestraError('NOT_FOUND', 'Nothing was recorded in that time');
  const releases = replaySamples(samples, plan);
  return { releases, lines: renderBacktest(releases), summary: summarizeBacktest(releases) };
}

async function gather(
  options: BacktestOptions,
  plan: ObservabilityPlan,
  { environment, readInput }: Pick<Console, 'environment' | 'readInput'>,
): Promise<RecordedSample[]> {
  const { from } = options;
  if (!/^https?:\/\//.test(from)) return parseSamples(from === '-' ? await readInput() : await load(from));
  const { service, start } = options;
  if (service === undefined || start === undefined) {
    throw new OrchestraError('REQUEST_INVALID', 'A metrics server needs --service and --start');
  }
  const { environment: place = 'production', release = null, beside = null, end } = options;
  const to = end ?? new Date(start.getTime() + plan.releaseWatchMs + plan.maxWaitMs);
  const names = { service, environment: place, release, beside };
  return readPrometheus({ url: from, token: environment['PROMETHEUS_TOKEN'], ...names, from: start, to }, plan);
}

async function load(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new OrchestraError('NOT_FOUND', `${file} cannot be read: ${reason}`, { cause });
  }
}
