import { mayBeDestroyed, readInfrastructureUnit, type Received } from '@orchestra/contracts';
import type { Ended } from '@orchestra/runtime';
import { accepted, refused } from './answer-order.ts';
import { decideDestruction } from './decide-destruction.ts';
import { readEnvironment } from './environment.ts';
import type { Context } from './gather-work.ts';
import { removalJob } from './handle-rollback-event.ts';

/** A person wants the infrastructure gone: a job plans to destroy it, and a person has to approve that plan. */
export async function orderRemoval(event: Received<'operator_command'>, context: Context): Promise<Ended<'iac'>> {
  const environment = readInfrastructureUnit(event.data.unit ?? '');
  if (environment === null) return refused(event, 'no_environment');
  const { runId, repository, generation, slices } = context.run;
  const { state } = await readEnvironment(context, repository, environment);
  const isEphemeral = mayBeDestroyed(await context.plan(), environment);
  const removal = slices.iac[environment]?.removal ?? null;
  const decision = decideDestruction({ runId, isEphemeral, state, removal });
  if (decision.kind === 'refuse') return refused(event, decision.reason);
  await context.store.enqueue(removalJob({ runId, generation, environment, cause: event.id }));
  return accepted(event, { environment });
}
