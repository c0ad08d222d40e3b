import { readFile } from 'node:fs/promises';
import { OrchestraError, type ObservabilityPlan } from '@orchestra/contracts';
import { replaySamples, type RecordedSample, type ReplayedRelease } from '@orchestra/observability';
import { createSystemClock } from '@orchestra/runtime';
import { findClient } from '../client/find-client.ts';
import type { Console } from '../console.ts';
import { parsePolicy } from './parse-policy.ts';
import { parseSamples } from './parse-samples.ts';
import { replayHistory } from './replay-history.ts';
import { readPrometheus } from './read-prometheus.ts';
import { renderBacktest, summarizeBacktest } from './render-backtest.ts';

/** What is judged, and by what. */
export interface BacktestOptions {
  policy: string;
  /** A file of samples, `-`, or the address of a metrics server; absent: what the platform has kept. */
  from?: string;
  /** The folder of the platform that is asked for what was kept, where the environment names none. */
  data: string;
  repository?: string;
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

/**
 * Gives a recording to the judgement of a policy.
 *
 * @throws OrchestraError `NOT_FOUND`, `REQUEST_INVALID`, `METRICS_*`, and those of the API where the platform is asked
 */
export async function performBacktest(
  options: BacktestOptions,
  console: Pick<Console, 'environment' | 'readInput'>,
): Promise<Backtested> {
  const plan = await parsePolicy(await load(options.policy), options.policy);
  const releases = await replay(options, plan, console);
  return { releases, lines: renderBacktest(releases), summary: summarizeBacktest(releases) };
}

type Outside = Pick<Console, 'environment' | 'readInput'>;

async function replay(
  { from, ...options }: BacktestOptions,
  plan: ObservabilityPlan,
  console: Outside,
): Promise<ReplayedRelease[]> {
  if (from === undefined) return replayKept(options, plan, console);
  const samples = await gather({ ...options, from }, plan, console);
  if (samples.length === 0) throw new OrchestraError('NOT_FOUND', `Nothing was recorded in that time in ${from}`);
  return replaySamples(samples, plan);
}

async function replayKept(
  options: BacktestOptions,
  plan: ObservabilityPlan,
  { environment }: Outside,
): Promise<ReplayedRelease[]> {
  const { repository, service, environment: place = 'production', release = null, start = null } = options;
  if (repository === undefined || service === undefined) {
    const message = 'What the platform has kept needs --repository and --service; a recording is named by --from';
    throw new OrchestraError('REQUEST_INVALID', message);
  }
  const { end = createSystemClock().now() } = options;
  const api = await findClient({ environment, folder: options.data });
  return replayHistory(api, { repository, service, environment: place, release, start, end }, plan);
}

async function gather(
  options: BacktestOptions & { from: string },
  plan: ObservabilityPlan,
  { environment, readInput }: Outside,
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
