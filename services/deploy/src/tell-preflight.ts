import { healthyBefore, judgeWayBack, type LaneRequest, type ReleaseRecord } from '@orchestra/contracts';
import { decidePreflight, renderPreflight } from './decide-preflight.ts';
import type { Work } from './work.ts';

const weekMs = 7 * 86_400_000;

/** Says before the first step whether there is a way back: in the history, and in the output of the unit. */
export async function tellPreflight(work: Work, { commit, version }: LaneRequest): Promise<void> {
  const { context, held } = work;
  const { target } = held;
  const release = target.lane?.release ?? '';
  const before = healthyBefore(target, release);
  const { rollback } = await context.plan();
  const changed = context.run.slices.gitops.source?.changedFiles ?? null;
  const since = context.now.getTime() - weekMs;
  const preflight = decidePreflight({
    to: before?.release ?? null,
    isKept: before !== null && (await isKept(before, work)),
    wayBack: judgeWayBack(rollback, changed),
    changed,
    rollbacks: target.rollbacks.filter(({ at }) => new Date(at).getTime() >= since).length,
  });
  await context.output(`${renderPreflight(preflight)}\n`);
  const facts = { ...preflight, release, commit, version };
  await context.note({}, [{ what: 'pre-flight', reason: preflight.reason, facts }]);
}

// Whether a registry still has an image shows when the cluster pulls it.
async function isKept({ manifest }: ReleaseRecord, { context }: Work): Promise<boolean> {
  return manifest.container !== undefined || context.artifacts.has(manifest.artifactDigest);
}
