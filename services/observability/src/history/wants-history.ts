import type { ObservabilityPlan } from '@orchestra/contracts';
import type { Timer } from '@orchestra/runtime';
import type { Subject } from '../report.ts';

type WithBaseline = Pick<ObservabilityPlan, 'judgement'>;

/** Whether releases are compared with samples that the platform has kept: where no metrics server is asked for them. */
export function wantsHistory(plan: WithBaseline): boolean {
  return feedsHistory(plan) && plan.judgement?.baseline?.with !== 'beside';
}

// What is compared with what serves beside it today may be compared with earlier days tomorrow: then there have to be some.
function feedsHistory({ judgement }: WithBaseline): boolean {
  return (judgement?.baseline ?? null) !== null && judgement?.windowMs === null;
}

/** The name of the task that goes on measuring. */
export const keepTask = 'keep_samples';

/** What goes on measuring a release whose watch is over, for later ones to be compared with; nothing without a baseline. */
export function keepTimers(plan: WithBaseline, { environment, service, release, epoch }: Subject): Timer[] {
  if (!feedsHistory(plan)) return [];
  const payload = { environment, service, release, epoch };
  return [{ name: 'keep', task: keepTask, delayMs: 0, unit: null, payload }];
}
