import { infrastructureName, parseTarget } from '@orchestra/contracts';
import type { ParkedResult } from '@orchestra/runtime';
import { environmentOf } from './environment.ts';
import type { Context } from './gather-work.ts';

const lookAgainMs = 30_000;

/** The services of the job's environment that somebody releases or takes back right now. */
export async function findRollouts(context: Context): Promise<string[]> {
  const environment = environmentOf(context);
  const stored = await context.store.listTargets(context.run.repository);
  return stored
    .map(({ target }) => parseTarget(target))
    .filter((target) => target.environment === environment && target.service !== infrastructureName)
    .filter(({ lane, seizure }) => lane !== null || seizure !== null)
    .map(({ service }) => service);
}

/** What is released into stays until that is over. */
export function waitForRollouts(services: readonly string[]): ParkedResult<'iac'> {
  const message = `Waits until nobody releases ${services.join(', ')}`;
  return { kind: 'park', reason: 'rollout_in_lane', message, delayMs: lookAgainMs };
}
