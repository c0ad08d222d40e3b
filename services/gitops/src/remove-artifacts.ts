import type { Ended, JobContext } from '@orchestra/runtime';

// As long as an ended run is kept. Reports are named by events only, and events are not kept for longer.
const keptMs = 14 * 86_400_000;
const page = 200;

/**
 * Removes artifacts that no stored run and no target names: their run has expired, and nothing pins it. A store without
 * runs and targets is new or was lost, and says nothing about what is needed.
 */
export async function removeArtifacts({
  store,
  artifacts,
  now,
  log,
  signal,
}: JobContext<'gitops'>): Promise<Ended<'gitops'>> {
  const done: Ended<'gitops'> = { kind: 'end', status: null, events: [] };
  const storedBefore = new Date(now.getTime() - keptMs);
  // Listed first: what is put from now on is not in question.
  const listed = await artifacts.list();
  const old = listed.filter(({ storedAt }) => storedAt < storedBefore).map(({ digest }) => digest);
  if (old.length === 0) return done;

  const named = await gatherNamed({ store, signal });
  if (named === null) return done;
  let count = 0;
  for (const digest of old) {
    signal.throwIfAborted();
    if (!named.has(digest) && (await artifacts.remove(digest, storedBefore))) count += 1;
  }
  if (count > 0) log.info({ count }, 'artifacts removed');
  return done;
}

/** Every digest that stands anywhere in a run or a target; null: there is neither. */
async function gatherNamed({
  store,
  signal,
}: Pick<JobContext<'gitops'>, 'store' | 'signal'>): Promise<Set<string> | null> {
  const targets = await store.listTargets(null);
  const named = new Set(targets.flatMap(({ target }) => digestsIn(target)));
  let runs = 0;
  for (let before: string | null = null; ;) {
    signal.throwIfAborted();
    const some = await store.listRuns({ repository: null, limit: page, before });
    for (const digest of some.flatMap((run) => digestsIn(JSON.stringify(run)))) named.add(digest);
    runs += some.length;
    const last = some.at(-1);
    if (last === undefined) break;
    before = last.runId;
  }
  return runs + targets.length === 0 ? null : named;
}

function digestsIn(text: string): string[] {
  return text.match(/sha256:[0-9a-f]{64}/g) ?? [];
}
