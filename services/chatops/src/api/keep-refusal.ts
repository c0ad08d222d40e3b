import type { RunState } from '@orchestra/contracts';
import { unaskedJob } from '@orchestra/runtime';
import type { Order, OrderDecision } from '../decide-order.ts';
import type { Refused } from '../tell-refusal.ts';
import type { Call } from './route.ts';

interface Refusal {
  order: Order;
  run: Pick<RunState, 'runId' | 'generation' | 'v'>;
  reason: Extract<OrderDecision, { kind: 'refuse' }>['reason'];
}

/** Puts a refusal into the queue, so that it stands in the run's history. Asked again of the same run, it is the same one. */
export async function keepRefusal(
  { order, run, reason }: Refusal,
  { context, token }: Call<unknown, unknown, unknown>,
): Promise<void> {
  const { runId, generation, v } = run;
  const unit = 'unit' in order ? order.unit : null;
  const refused: Refused = { action: order.action, unit, actor: token.name, reason };
  const cause = ['refusal', runId, v, ...Object.values(refused)].join(' ');
  await context.store.enqueue(
    unaskedJob({
      service: 'chatops',
      runId,
      generation,
      handler: 'refusal',
      payload: JSON.stringify(refused),
      cause,
      maxAttempts: 10,
      maxMs: 60_000,
    }),
  );
}
