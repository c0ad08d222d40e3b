import { unitNames, type Received } from '@orchestra/contracts';
import type { Result } from '@orchestra/runtime';
import { answerKeys, type Answer } from './answer.ts';
import type { Context } from './work.ts';

/** A verdict wakes the job that waits for it: the step's by its epoch, the release's by its name. */
export async function handleDeploymentHealth(
  event: Received<'deployment_health'>,
  context: Context,
): Promise<Result<'deploy'>> {
  const { environment, service, epoch, release, verdict, reason, checks, final } = event.data;
  // A word that this version does not know is never a pass.
  if (verdict === 'UNRECOGNIZED' || release === null) return dropped('not_understood');
  // The rollback that took the release says how it ended; whichever of the two came first would else end the rollout.
  if (final && reason === 'no_longer_serves') return dropped(reason);
  const unit = unitNames.deploy(environment, service);
  const key = final ? answerKeys.watch(unit, release) : answerKeys.judge(unit, epoch);
  const answer: Answer = { kind: 'health', eventId: event.id, verdict, reason, checks: [...checks] };
  const stored = await context.store.answer(context.run.runId, key, JSON.stringify(answer));
  return stored === 'stored' ? { kind: 'end', status: null, events: [] } : dropped(stored);
}

function dropped(reason: string): Result<'deploy'> {
  return { kind: 'end', status: null, events: [], decided: [{ what: 'verdict dropped', reason, facts: null }] };
}
