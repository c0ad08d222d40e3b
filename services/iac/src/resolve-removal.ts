import type { Received, RemovalSlice, Resolution } from '@orchestra/contracts';
import type { Ended } from '@orchestra/runtime';
import { environmentWrite, type HeldEnvironment } from './environment.ts';
import type { Context } from './gather-work.ts';
import { removalJob } from './handle-rollback-event.ts';
import { unblock } from './lock.ts';
import { noOutputs, withOutputs } from './record-outputs.ts';

interface Resolving {
  held: HeldEnvironment;
  resolution: Resolution;
}

/** A person has looked at what was being destroyed when it was cut: it is gone, it is there, or it is tried again. */
export async function resolveRemoval(
  { held, resolution }: Resolving,
  { id, data }: Received<'operator_command'>,
  context: Context,
): Promise<Pick<Ended<'iac'>, 'slice' | 'target'>> {
  const { environment } = held.target;
  const { runId } = context.run;
  const generation = held.state.blocked?.generation ?? context.run.generation;
  if (resolution === 'try_again') {
    await context.store.enqueue(removalJob({ runId, generation, environment, cause: id }));
  }
  // What the run's own unit did is not in question, so nothing of it is made anew.
  const { next, wake } = unblock(held.state, { resolution: 'did_not_happen', actor: data.actor });
  const isGone = resolution === 'happened';
  const gone = isGone ? { runId, generation, at: context.now.toISOString() } : next.gone;
  const target = environmentWrite(held, { ...next, gone }, wake);
  const slice = context.run.slices.iac[environment];
  if (slice?.removal === undefined) return { target };
  const ended = { reason: `resolved_${resolution}`, message: `${data.actor} has looked` };
  const removal: RemovalSlice = { ...slice.removal, phase: isGone ? 'applied' : 'planned', ended };
  return { target, slice: { [environment]: { ...(isGone ? withOutputs(slice, noOutputs) : slice), removal } } };
}
