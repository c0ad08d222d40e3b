import { isDeepStrictEqual } from 'node:util';
import {
  healthyBefore,
  judgeWayBack,
  readLabels,
  renderPreflight,
  type Brings,
  type ChangedFile,
  type LaneRequest,
  type PreflightSlice,
  type ReleaseRecord,
} from '@orchestra/contracts';
import { readBrought } from '@orchestra/runtime';
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
  const brought = await readBrought(context, before?.sequence ?? null);
  const changed = changedIn(brought);
  const since = context.now.getTime() - weekMs;
  const preflight = decidePreflight({
    to: before?.release ?? null,
    kept: before === null ? 'gone' : await keptOf(before, work),
    wayBack: judgeWayBack(rollback, brought),
    changed,
    isConfigurationLabelled: brought.some(({ message }) => readLabels(message).configurationChange),
    rollbacks: target.rollbacks.filter(({ at }) => new Date(at).getTime() >= since).length,
  });
  return { ...preflight, generation: context.job.generation };
}

// A file that several runs changed is one. Null: of one of them it is not known.
function changedIn(brought: readonly Brings[]): ChangedFile[] | null {
  const files = new Map<string, ChangedFile>();
  for (const { changed } of brought) {
    if (changed === null) return null;
    for (const file of changed) files.set(file.path, together(files.get(file.path), file));
  }
  return [...files.values()];
}

function together(before: ChangedFile | undefined, file: ChangedFile): ChangedFile {
  const { addedLines = 0, deletedLines = 0 } = before ?? {};
  return {
    path: file.path,
    addedLines: addedLines + file.addedLines,
    deletedLines: deletedLines + file.deletedLines,
  };
}

// A cluster pulls the image again, and reads what stands beside it from our artifacts.
async function keptOf({ manifest }: ReleaseRecord, { context, ports }: Work): Promise<ImageKnown> {
  const { container } = manifest;
  const kept = container === undefined ? manifest.artifactDigest : container.objects?.digest;
  if (kept !== undefined && !(await context.artifacts.has(kept))) return 'gone';
  if (container === undefined) return 'there';
  return ports.images === undefined ? 'unknown' : ports.images.look(container.image, context.signal);
}
