import {
  beginResolve,
  findCurrent,
  finishResolve,
  OrchestraError,
  resolveByWord,
  servingByWord,
  worldKey,
  type Resolution,
  type Target,
  type TargetName,
  type Transition,
} from '@orchestra/contracts';
import { afterWrite, readHeldTarget, targetWrite, type TargetWrite } from '@orchestra/runtime';
import type { Ports, Serving } from './ports.ts';
import type { Context } from './work.ts';

export type Resolved =
  | { kind: 'again' }
  | { kind: 'refused'; reason: string }
  | { kind: 'resolved'; serving: string | null; write: TargetWrite };

interface Around {
  context: Context;
  releases: Ports['releases'];
}

export interface Resolving {
  name: TargetName;
  /** What a person says became of the way back; null: what serves in the world goes on serving. */
  word: Exclude<Resolution, 'try_again'> | null;
  /** The run that the order is about; null: whichever blocks the target. */
  runId: string | null;
}

/** A person has looked: the world gets a new epoch, what serves is written down, and the lane is free. */
export async function resolveTarget(
  { name, word, runId }: Resolving,
  context: Context,
  { releases }: Pick<Ports, 'releases'>,
): Promise<Resolved> {
  const held = await readHeldTarget(context, name);
  if (runId !== null && held.target.blocked?.runId !== runId) return { kind: 'refused', reason: 'not_blocked' };
  const begun = beginResolve(held.target);
  if (begun.kind === 'refused') return begun;
  if ((await context.changeTarget(targetWrite(held, begun))) !== 'finished') return { kind: 'again' };

  const now = afterWrite(held, begun);
  const { epoch } = now.target;
  const port = findCurrent(now.target)?.manifest.port ?? 0;
  const world = await releases.claim({ target: worldKey(now.target), epoch, port }, context.signal);
  const answer = await findServing({ target: now.target, word, world }, { context, releases });
  if (answer.kind === 'refused') return answer;
  const { serving } = answer;
  const finished = finish(now.target, { word, serving }, context.now);
  if (finished.kind === 'refused') return { kind: 'again' };
  return { kind: 'resolved', serving, write: targetWrite(now, finished) };
}

interface Looked {
  target: Target;
  word: Resolving['word'];
  world: Serving;
}

type Served = { kind: 'serves'; serving: string | null } | { kind: 'refused'; reason: string };

async function findServing({ target, word, world }: Looked, around: Around): Promise<Served> {
  const serving = word === null ? servingIn(world) : servingByWord(target, word);
  if (word === null || serving === null) return { kind: 'serves', serving };
  const made = await makeTrue({ target, serving, world }, around);
  return made === 'serves' ? { kind: 'serves', serving } : { kind: 'refused', reason: made };
}

function finish(
  target: Target,
  { word, serving }: { word: Resolving['word']; serving: string | null },
  now: Date,
): Transition {
  const { epoch } = target;
  return word === null || serving === null
    ? finishResolve(target, { epoch, serving })
    : resolveByWord(target, { epoch, serving }, now);
}

interface Said {
  target: Target;
  serving: string;
  world: Serving;
}

// The word is obeyed, and the world follows it; but users are never sent to what cannot answer.
async function makeTrue(
  { target, serving, world }: Said,
  { context, releases }: Around,
): Promise<'serves' | 'not_ready' | 'overtaken'> {
  if (!world.releases.some(({ release, ready }) => release === serving && ready > 0)) return 'not_ready';
  try {
    const move = { target: worldKey(target), epoch: target.epoch, weights: { [serving]: 100 } };
    await releases.share(move, context.signal);
    return 'serves';
  } catch (error) {
    if (!(error instanceof OrchestraError)) throw error;
    if (error.code === 'RELEASE_NOT_READY') return 'not_ready';
    if (error.code === 'TARGET_REFUSED') return 'overtaken';
    throw error;
  }
}

function servingIn({ releases }: Serving): string | null {
  const able = releases.filter(({ ready, weight }) => ready > 0 && weight > 0);
  const [first, ...rest] = able.toSorted((left, right) => right.weight - left.weight);
  // Two releases that share the traffic half and half: the one that served before goes on.
  return first === undefined || rest.some(({ weight }) => weight === first.weight) ? null : first.release;
}
