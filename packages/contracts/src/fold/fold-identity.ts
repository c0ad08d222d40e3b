import type { Received, Topic } from '../topics.ts';
import type { FoldedIdentity } from './folded-run.ts';
import { isOf } from './is-of.ts';

/** The identity that the newest `code_push` of a run tells; null: there is none among the events. */
export function foldIdentity(own: readonly Received<Topic>[]): FoldedIdentity | null {
  const pushes = own.filter((event) => isOf(event, 'code_push'));
  const newest = pushes.toSorted((left, right) => left.generation - right.generation).at(-1);
  if (newest === undefined) return null;
  const { repository, ref, commit, author, message, trigger, pullRequest, environmentLimit } = newest.data;
  const { number, planDigest, snapshotDigest, before, delivery, content, pusher } = newest.data;
  return {
    repository,
    ref,
    branch: ref.startsWith(heads) ? ref.slice(heads.length) : null,
    before,
    commit,
    author,
    message,
    trigger,
    pullRequest,
    environmentLimit,
    sequence: number,
    pushedAt: newest.time.toISOString(),
    planDigest,
    snapshotDigest,
    delivery,
    content,
    pusher,
  };
}

const heads = 'refs/heads/';
