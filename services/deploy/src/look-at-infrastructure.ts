import { infrastructureName, type Plan } from '@orchestra/contracts';
import { readHeldTarget, type ParkedResult } from '@orchestra/runtime';
import type { Work } from './work.ts';

/**
 * Whether the infrastructure that a release stands on is there, is being destroyed, or was. Asked before the lane and once
 * more behind it: who destroys looks at the lanes behind its own mark, so not both can miss the other.
 */
export async function lookAtInfrastructure(
  { context, name }: Work,
  { infrastructure }: Pick<Plan, 'infrastructure'>,
): Promise<'there' | 'going' | 'gone'> {
  if (infrastructure === null) return 'there';
  const { target } = await readHeldTarget(context, { ...name, service: infrastructureName });
  const state = target.infrastructure;
  if (state === undefined) return 'there';
  if (state.holder?.destroys || state.blocked?.destroys) return 'going';
  return state.gone ? 'gone' : 'there';
}

/** The end of a rollout that has nothing to stand on. */
export const withoutInfrastructure = {
  status: 'failure' as const,
  reason: 'infrastructure_gone',
  message: 'The infrastructure of the environment was destroyed: retry the unit iac of the environment, with force',
};

/** The rollout sleeps until nobody destroys any more. */
export function waitForRemoval(delayMs: number): ParkedResult<'deploy'> {
  const message = 'Waits until the infrastructure of the environment is no longer being destroyed';
  return { kind: 'park', reason: 'infrastructure_removal', message, delayMs };
}
