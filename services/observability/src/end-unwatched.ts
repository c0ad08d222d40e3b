import {
  fromOutcome,
  isTerminal,
  toOutcome,
  unitNames,
  type Received,
  type TerminalStatus,
} from '@orchestra/contracts';
import type { Ended } from '@orchestra/runtime';
import type { Context } from './look.ts';
import { healthOf, sliceOf } from './report.ts';

/** A rollout ended without a release: there is nothing to watch, and this unit ends with it. */
export function endUnwatched(event: Received<'deployment_triggered'>, context: Context): Ended<'observability'> {
  const { environment, service, release, epoch, step, outcome, reason } = event.data;
  const unit = context.run.units[unitNames.observe(environment, service)];
  const isOver = unit !== undefined && unit.generation >= context.job.generation && isTerminal(unit.status);
  if (isOver) return { kind: 'end', status: null, events: [] };
  const facts = { phase: event.data.phase, outcome, release };

  const status = statusOf(outcome === null ? 'error' : fromOutcome(outcome));
  const subject = { environment, service, release, epoch, step };
  const why = reason ?? 'not_released';
  return {
    kind: 'end',
    status,
    reason: why,
    message: 'Nothing was released',
    events: [healthOf(subject, { verdict: 'INCONCLUSIVE', final: true, outcome: toOutcome(status), reason: why })],
    slice: sliceOf(subject, { verdict: 'ended', samples: 0, checks: [], reason: why }),
    decided: [{ what: 'nothing to watch', reason: why, facts }],
  };
}

function statusOf(deployed: TerminalStatus): TerminalStatus {
  return deployed === 'cancelled' || deployed === 'timed_out' ? deployed : 'skipped';
}
