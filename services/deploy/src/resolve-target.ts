import { beginResolve, findCurrent, finishResolve, worldKey, type TargetName } from '@orchestra/contracts';
import { afterWrite, readHeldTarget, targetWrite, type TargetWrite } from '@orchestra/runtime';
import type { Ports, Serving } from './ports.ts';
import type { Context } from './work.ts';

export type Resolved =
  | { kind: 'again' }
  | { kind: 'refused'; reason: string }
  | { kind: 'resolved'; serving: string | null; write: TargetWrite };

/** A person has looked: what serves in the world is what serves, the world gets a new epoch, and the lane is free. */
export async function resolveTarget(name: TargetName, context: Context, { releases }: Ports): Promise<Resolved> {
  const held = await readHeldTarget(context, name);
  const begun = beginResolve(held.target);
  if (begun.kind === 'refused') return begun;
  if ((await context.changeTarget(targetWrite(held, begun))) !== 'finished') return { kind: 'again' };

  const now = afterWrite(held, begun);
  const { epoch } = now.target;
  const port = findCurrent(now.target)?.manifest.port ?? 0;
  const world = await releases.claim({ target: worldKey(now.target), epoch, port }, context.signal);
  const serving = servingIn(world);
  const finished = finishResolve(now.target, { epoch, serving });
  if (finished.kind === 'refused') return { kind: 'again' };
  return { kind: 'resolved', serving, write: targetWrite(now, finished) };
}

function servingIn({ releases }: Serving): string | null {
  const able = releases.filter(({ ready, weight }) => ready > 0 && weight > 0);
  const [first, ...rest] = able.toSorted((left, right) => right.weight - left.weight);
  // Two releases that share the traffic half and half: the one that served before goes on.
  return first === undefined || rest.some(({ weight }) => weight === first.weight) ? null : first.release;
}
