import type { ServicePlan } from './plan.ts';

/** The port at which users reach a service in an environment; 0: any free one. */
export function portIn(
  { port, environmentPorts }: Pick<ServicePlan, 'port' | 'environmentPorts'>,
  environment: string,
): number {
  // An environment may be called `constructor`.
  return new Map(Object.entries(environmentPorts ?? {})).get(environment) ?? port;
}
