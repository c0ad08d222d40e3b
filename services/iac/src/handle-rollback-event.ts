import type { Received } from '@orchestra/contracts';
import { nameId, unaskedJob, type Ended, type NewJob } from '@orchestra/runtime';
import { decideRemoval } from './decide-removal.ts';
import type { Context } from './gather-work.ts';

const nothing: Ended<'iac'> = { kind: 'end', status: null, events: [] };

/** A release was taken back: where the file says so, a job plans to destroy the infrastructure and asks a person. */
export async function handleRollbackEvent(
  { data, generation }: Received<'rollback_event'>,
  context: Context,
): Promise<Ended<'iac'>> {
  const { environment } = data;
  const decision = decideRemoval({ rollback: data, plan: await context.plan() });
  if (decision.reason === 'not_asked_for') return nothing;
  const decided = [{ what: 'infrastructure after the rollback', reason: decision.reason, facts: { environment } }];
  if (decision.kind === 'keep') return { ...nothing, decided };
  const { runId } = context.run;
  await context.store.enqueue(removalJob(removalAfter({ runId, generation, environment })));
  return { ...nothing, decided };
}

/** What a rollback leads to: several services of a release that go back are one question. */
export function removalAfter({ runId, generation, environment }: Omit<Removal, 'cause'>): Removal {
  return { runId, generation, environment, cause: nameId('removal', runId, environment, String(generation)) };
}

export interface Removal {
  runId: string;
  generation: number;
  environment: string;
  /** Names the job: the same cause is the same removal. */
  cause: string;
}

/** The job that plans to destroy the infrastructure of an environment and does it once a person has agreed. */
export function removalJob({ runId, generation, environment, cause }: Removal): NewJob {
  return unaskedJob({
    service: 'iac',
    runId,
    generation,
    handler: 'remove',
    payload: JSON.stringify({ environment }),
    cause,
    maxAttempts: 3,
    maxMs: 5 * 3_600_000,
  });
}
