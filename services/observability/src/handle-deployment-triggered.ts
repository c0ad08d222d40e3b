import { toOutcome, type Received } from '@orchestra/contracts';
import type { Conclusion, Ended, Result } from '@orchestra/runtime';
import { endUnwatched } from './end-unwatched.ts';
import type { Context } from './look.ts';
import type { Ports } from './ports.ts';
import { healthOf } from './report.ts';
import { watchRelease } from './watch-release.ts';
import { watchStep } from './watch-step.ts';

type Triggered = Received<'deployment_triggered'>;

/** Watches what deploy has moved, or ends the unit where nothing is left to watch. */
export async function handleDeploymentTriggered(
  event: Triggered,
  context: Context,
  ports: Ports,
): Promise<Result<'observability'>> {
  const { phase } = event.data;
  // A retry of the watch alone gets the event of the first time; what can be watched anew is the release.
  const isRetried = context.job.generation > event.generation;
  if (phase === 'RELEASED' || (phase === 'STEP' && isRetried)) {
    const { environment, service, release, epoch } = event.data;
    return watchRelease({ environment, service, release, epoch, step: 0 }, context, ports);
  }
  if (phase === 'STEP') return watchStep(event, context, ports);
  return endUnwatched(event, context);
}

/** A watch that could not be done cannot judge: the step is unclear, the release has its last word. */
export function concludeWatch({ status, reason, message }: Conclusion, event: Triggered): Ended<'observability'> {
  const { environment, service, release, epoch, step, phase } = event.data;
  const subject = { environment, service, release, epoch, step };
  const judged = { verdict: 'INCONCLUSIVE', outcome: toOutcome(status), reason } as const;
  const isStep = phase === 'STEP';
  return {
    kind: 'end',
    status: isStep ? 'running' : status,
    reason,
    message,
    events: [healthOf(subject, { ...judged, final: !isStep })],
  };
}
