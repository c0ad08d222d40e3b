import { findCurrent, releaseGroup, unitNames, type Received } from '@orchestra/contracts';
import { readHeldTarget, type Ended, type TaskHandler } from '@orchestra/runtime';
import { z } from 'zod';
import type { Asked, Context } from './gather-facts.ts';
import type { Ports } from './ports.ts';
import { concludeRollback, rollBack } from './roll-back.ts';

const failures: ReadonlySet<string> = new Set(['FAILURE', 'ERROR', 'TIMED_OUT']);
// A rollback has taken its group back already; a newer run brings all of its own.
const others: ReadonlySet<string | null> = new Set([
  'rolled_back',
  'superseded',
  'older_than_current',
  'already_released',
]);

/** Whether a rollout has ended in a way that its group goes back with it, although no rollback took it out. */
export function endsItsGroup({ phase, outcome, reason }: Received<'deployment_triggered'>['data']): boolean {
  return phase === 'ABORTED' && outcome !== null && failures.has(outcome) && !others.has(reason);
}

/** The first member of its group, in the order of the way back, that this run has brought goes back, and the others with it. */
export async function handleMemberEnded(
  event: Received<'deployment_triggered'>,
  context: Context,
): Promise<Ended<'rollback'>> {
  const { environment, service } = event.data;
  const { deployment } = await context.plan();
  const group = releaseGroup(deployment?.services ?? [], service);
  const nothing: Ended<'rollback'> = { kind: 'end', status: null, events: [] };
  if (group.length === 1) return nothing;
  for (const member of group.toReversed()) {
    const release = await broughtBy(context, { environment, service: member });
    if (release === null) continue;
    const payload = { environment, service: member, release, cause: event.id, raisedAt: event.time.getTime() };
    const unit = unitNames.rollback(environment, member);
    const timer = { name: `group-${environment}`, task: 'group', delayMs: 0, unit, payload, bound: false };
    const decided = [{ what: 'group goes back', reason: 'group_failed', facts: { failed: service, from: member } }];
    return { ...nothing, timers: [timer], decided };
  }
  return nothing;
}

async function broughtBy(context: Context, place: { environment: string; service: string }): Promise<string | null> {
  const { repository, runId } = context.run;
  const { target } = await readHeldTarget(context, { repository, ...place });
  if (target.lane?.runId === runId) return target.lane.release;
  const current = findCurrent(target);
  return current?.runId === runId ? current.release : null;
}

const payloadSchema = z.object({
  environment: z.string(),
  service: z.string(),
  release: z.string(),
  cause: z.string(),
  raisedAt: z.number(),
});

/** The task that takes back what a failed member had beside it. */
export function groupTask(ports: Ports): TaskHandler<'rollback'> {
  return {
    handle: (payload, context) => rollBack(askedBy(payload), context, ports),
    conclude: (conclusion, payload, context) => concludeRollback(conclusion, askedBy(payload), { context, ports }),
  };
}

function askedBy(payload: unknown): Asked {
  return { ...payloadSchema.parse(payload), compared: [], by: { kind: 'group' } };
}
