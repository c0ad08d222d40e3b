import type { InfrastructureSlice, RemovalSlice } from '@orchestra/contracts';
import type { Decided, Ended } from '@orchestra/runtime';
import { askerOf, changeEnvironment, environmentOf } from './environment.ts';
import type { Context } from './gather-work.ts';
import { leaveLock } from './lock.ts';
import { nothingPlanned } from './nothing-planned.ts';
import { noOutputs, withOutputs } from './record-outputs.ts';

interface EndRemoval {
  reason: string;
  message?: string | null;
  /** Null: it came to no plan. */
  removal: RemovalSlice | null;
  notes: readonly string[];
  decided?: readonly Decided[];
}

/** The end of a removal that has changed nothing, or not all. The run's unit stays as it ended. */
export async function endRemoval(
  context: Context,
  { reason, message = null, removal, notes, decided = [] }: EndRemoval,
): Promise<Ended<'iac'>> {
  await changeEnvironment(context, (state) => {
    const left = leaveLock(state, askerOf(context));
    return left.next.holder === state.holder && left.next.waiter === state.waiter ? null : left;
  });
  const environment = environmentOf(context);
  const { planDigest = null, toDestroy = 0 } = removal ?? {};
  const facts = { environment, message, planDigest, toDestroy };
  return {
    kind: 'end',
    status: null,
    events: [],
    ...(removal === null
      ? {}
      : { slice: { [environment]: withRemoval(context, ended(removal, { reason, message })) } }),
    decided: [...decided, { what: 'infrastructure removal ended', reason, facts }],
    notes,
  };
}

function ended(removal: RemovalSlice, end: RemovalSlice['ended']): RemovalSlice {
  const phase = removal.phase === 'waiting' ? 'planned' : removal.phase;
  return { ...removal, phase, question: null, ended: end };
}

/** It is gone: the document of the environment says so, and the next run plans anew. */
export async function endGone(context: Context, end: EndRemoval): Promise<Ended<'iac'>> {
  const { runId, generation } = askerOf(context);
  const at = context.clock.now().toISOString();
  await changeEnvironment(context, (state) => ({
    next: { ...state, gone: { runId, generation, at }, drift: null, resolved: null },
  }));
  return endRemoval(context, end);
}

/** What people see of the environment, with its removal. What is gone has no outputs. */
export function withRemoval(context: Context, removal: RemovalSlice): InfrastructureSlice {
  const before = context.run.slices.iac[environmentOf(context)] ?? {
    ...nothingPlanned,
    phase: 'applied',
    generation: 1,
  };
  return { ...(removal.phase === 'applied' ? withOutputs(before, noOutputs) : before), removal };
}
