import { findRelease, OrchestraError } from '@orchestra/contracts';
import { z } from 'zod';
import { askedBy } from './prepare-release.ts';
import { startableOf, type Work } from './work.ts';

const endSchema = z.object({ failure: z.string().nullable() });

/**
 * Runs what a release wants to have run once it has all traffic. How it ended is kept with the run, so it is not asked
 * twice.
 *
 * @returns why it failed; null: it ended well, there is none, or the release serves no more
 */
export async function runPostHook(work: Work, release: string): Promise<string | null> {
  const { context, ports, held } = work;
  const { cluster } = ports;
  const manifest = findRelease(held.target, release)?.manifest;
  const post = manifest?.container?.hooks?.post;
  if (manifest === undefined || post === undefined || cluster === undefined) return null;
  const key = `post/${work.unit}/${release}`;
  const known = await context.store.readAnswer(context.run.runId, key);
  if (known !== null) return endSchema.parse(JSON.parse(known)).failure;
  if (held.target.current !== release) return null;

  const hook = { when: 'post' as const, ...post, ...askedBy(work) };
  const startable = startableOf(work, release, manifest);
  const asked = { target: work.key, epoch: null, startable, hook };
  const failure = await failureOf(async () => cluster.runHook(asked, context.signal));
  await context.store.answer(context.run.runId, key, JSON.stringify({ failure }));
  await tell(work, release, failure);
  return failure;
}

async function tell({ context }: Work, release: string, failure: string | null): Promise<void> {
  const reason = failure === null ? 'hook_done' : 'hook_failed';
  await context.note({}, [{ what: 'post hook ended', reason, facts: { release, failure } }]);
}

async function failureOf(run: () => Promise<unknown>): Promise<string | null> {
  try {
    await run();
    return null;
  } catch (error) {
    if (!(error instanceof OrchestraError) || error.retriable) throw error;
    return error.message;
  }
}
