import type { Plan } from './plan.ts';

/** Whether the infrastructure of an environment may be destroyed as a whole: the file marks it as made to be thrown away. */
export function mayBeDestroyed({ infrastructure, rollback }: Plan, environment: string): boolean {
  const { ephemeral = rollback.destroysIn ?? [] } = infrastructure ?? {};
  return infrastructure !== null && ephemeral.includes(environment);
}
