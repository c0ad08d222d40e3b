import { isDeepStrictEqual } from 'node:util';
import {
  healthyBefore,
  judgeWayBack,
  readLabels,
  renderPreflight,
  type LaneRequest,
  type PreflightSlice,
  type ReleaseRecord,
} from '@orchestra/contracts';
import { decidePreflight } from './decide-preflight.ts';
import { sliceOf, toldOf } from './report.ts';
import type { ImageKnown } from './ports.ts';
import type { Work } from './work.ts';

const weekMs = 7 * 86_400_000;

/**
 * Says before anything is asked or done whether there is a way back: in the history, in the output of the unit and beside
 * the rollout. Said again only when it has changed since, as it may while the rollout waits.
 */
export async function tellPreflight(work: Work, { commit, version }: LaneRequest): Promise<Work> {
  const { context } = work;
  const preflight = await gatherPreflight(work);
  if (isDeepStrictEqual(toldOf(work).preflight, preflight)) return work;
  const telling: Work = { ...work, told: { ...toldOf(work), preflight } };
  await context.output(`Pre-flight: ${renderPreflight(preflight).join('; ')}\n`);
  const facts = { ...preflight, commit, version };
  const slice = sliceOf(telling, { state: 'waiting', lane: null });
  await context.note(slice, [{ what: 'pre-flight', reason: preflight.reason, facts }]);
  return telling;
}

async function gatherPreflight(work: Work): Promise<PreflightSlice> {
  const { context, held } = work;
  const { target } = held;
  // What comes in has no name before it has the lane.
  const before = healthyBefore(target, target.lane?.release ?? '');
  const { rollback } = await context.plan();
  const { message, slices } = context.run;
  const changed = slices.gitops.source?.changedFiles ?? null;
  const since = context.now.getTime() - weekMs;
  const preflight = decidePreflight({
    to: before?.release ?? null,
    kept: before === null ? 'gone' : await keptOf(before, work),
    wayBack: judgeWayBack(rollback, { changed, message }),
    changed,
    isConfigurationLabelled: readLabels(message).configurationChange,
    rollbacks: target.rollbacks.filter(({ at }) => new Date(at).getTime() >= since).length,
  });
  return { ...preflight, generation: context.job.generation };
}

// A cluster pulls the image again, and reads what stands beside it from our artifacts.
async function keptOf({ manifest }: ReleaseRecord, { context, ports }: Work): Promise<ImageKnown> {
  const { container } = manifest;
  const kept = container === undefined ? manifest.artifactDigest : container.objects?.digest;
  if (kept !== undefined && !(await context.artifacts.has(kept))) return 'gone';
  if (container === undefined) return 'there';
  return ports.images === undefined ? 'unknown' : ports.images.look(container.image, context.signal);
}
