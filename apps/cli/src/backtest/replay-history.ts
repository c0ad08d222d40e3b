import { OrchestraError, type ObservabilityPlan } from '@orchestra/contracts';
import { replaySamples, type RecordedSample, type ReplayedRelease } from '@orchestra/observability';
import { z } from 'zod';
import type { ApiClient } from '../client/api-client.ts';

/** What of a service is looked at, in what the platform has kept. */
export interface HistoryRange {
  repository: string;
  environment: string;
  service: string;
  /** Only this one; null: all that began to serve in the range. */
  release: string | null;
  /** Null: since anything is kept. */
  start: Date | null;
  end: Date;
}

const answerSchema = z.object({
  samples: z.array(z.object({ at: z.string(), release: z.string(), values: z.record(z.string(), z.number()) })),
});
const targetsSchema = z.object({ targets: z.array(z.object({ key: z.string() })) });

const dayMs = 86_400_000;
// Samples are kept for 15 days, and the last of these goes as a whole.
const keptMs = 16 * dayMs;

/**
 * Gives what the platform has kept to the judgement, each release that began to serve in the range. What was before the range
 * is their baseline where the plan wants one.
 *
 * @throws OrchestraError `NOT_FOUND` with what there is instead, and those of the API
 */
export async function replayHistory(
  api: Pick<ApiClient, 'read' | 'url'>,
  range: HistoryRange,
  plan: ObservabilityPlan,
): Promise<ReplayedRelease[]> {
  const samples = await readKept(api, range);
  const all = replaySamples(samples, plan);
  const wanted = all.filter(({ release, startedAt }) => isWanted(range, release, startedAt));
  if (wanted.length > 0) return wanted;
  throw new OrchestraError('NOT_FOUND', `${nothingIn(range, api.url)}. ${await whatElse(api, range, all)}`);
}

async function readKept(api: Pick<ApiClient, 'read'>, range: HistoryRange): Promise<RecordedSample[]> {
  const { repository, environment, service, end } = range;
  const path = [repository, environment, service].map(encodeURIComponent).join('/');
  const within = new URLSearchParams({ from: new Date(end.getTime() - keptMs).toISOString(), to: end.toISOString() });
  const answer = answerSchema.safeParse(await api.read<unknown>(`/targets/${path}/samples?${within.toString()}`));
  if (!answer.success) throw new OrchestraError('SERVER_UNREACHABLE', 'The platform answers otherwise than this build');
  return answer.data.samples.map(({ at, ...sample }) => ({ ...sample, at: Date.parse(at), beside: null }));
}

function isWanted({ release, start }: HistoryRange, name: string, startedAt: number): boolean {
  return (release === null || release === name) && (start === null || startedAt >= start.getTime());
}

function nothingIn({ repository, environment, service, release, start, end }: HistoryRange, url: string): string {
  const what = release === null ? 'No release' : `No release ${release}`;
  const when = `${start === null ? 'until' : `between ${start.toISOString()} and`} ${end.toISOString()}`;
  return `${what} of ${service} in ${environment} of ${repository} began to serve ${when}, as far as ${url} has kept samples`;
}

async function whatElse(
  api: Pick<ApiClient, 'read'>,
  { repository }: HistoryRange,
  all: readonly ReplayedRelease[],
): Promise<string> {
  if (all.length > 0) {
    const kept = all.map(({ release, startedAt }) => `${release} since ${new Date(startedAt).toISOString()}`);
    return `Kept are samples of ${kept.join(', ')}: give another --start, --end or --release`;
  }
  const query = new URLSearchParams({ repository });
  const answer = targetsSchema.safeParse(await api.read<unknown>(`/targets?${query.toString()}`));
  const keys = answer.success ? answer.data.targets.map(({ key }) => key) : [];
  const known = keys.length === 0 ? 'nothing was released of this repository' : `released were ${keys.join(', ')}`;
  return (
    `One sample a minute is kept for 15 days, of a release that serves alone while it is watched, and on where the file has ` +
    `a \`baseline\` and no \`prometheus\`: ${known}. Give other names, write such a baseline, or name a recording by --from`
  );
}
