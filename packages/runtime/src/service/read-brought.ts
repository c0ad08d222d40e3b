import type { Brings, RunState, ServiceName } from '@orchestra/contracts';
import type { JobContext } from './context.ts';

// Who goes back further than this has another question.
const atMost = 50;

/**
 * What a run brings over a release that would serve in its place: what it changed itself, and what runs of the same ref
 * changed in between, released or not, for its commit holds theirs. The run itself comes first. What is between is known as
 * far as the store remembers, and 50 runs back at most.
 *
 * @param since number of the run that brought that release; null: there is no such release
 */
export async function readBrought<S extends ServiceName>(
  { store, run }: Pick<JobContext<S>, 'store' | 'run'>,
  since: number | null,
): Promise<readonly Brings[]> {
  const { repository, runId, ref, sequence } = run;
  const between = since === null ? 0 : sequence - since - 1;
  if (since === null || between <= 0) return [bringsOf(run)];
  const earlier = await store.listRuns({ repository, limit: Math.min(atMost, between), before: runId });
  return [run, ...earlier.filter((one) => one.ref === ref && one.sequence > since)].map(bringsOf);
}

function bringsOf({ message, slices }: Pick<RunState, 'message' | 'slices'>): Brings {
  return { changed: slices.gitops.source?.changedFiles ?? null, message };
}
