import type { Check, Received, Target } from '@orchestra/contracts';
import type { Asked } from './gather-facts.ts';

/** An unhealthy release asks for a way back. Null: the alert names no release. */
export function readAlert({ id, time, data }: Received<'observability_alert'>): Asked | null {
  const { environment, service, release, attribution } = data;
  if (release === null) return null;
  return {
    environment,
    service,
    release,
    cause: id,
    raisedAt: time.getTime(),
    compared: comparedBy(data),
    by: { kind: 'alert', attribution },
  };
}

// What people and monitoring outside send has one measurement and no list.
function comparedBy({
  checks,
  metric,
  value,
  threshold,
  baseline,
}: Received<'observability_alert'>['data']): readonly Check[] {
  const breached = checks.some(({ verdict }) => verdict === 'BREACH');
  return breached ? checks : [...checks, { metric, value, threshold, baseline, verdict: 'BREACH' }];
}

/** A rollout that failed on its own counts as an alert that is attributed to it. */
export function readFailure({ id, time, data }: Received<'deployment_triggered'>): Asked | null {
  const { environment, service, release } = data;
  if (release === null) return null;
  return {
    environment,
    service,
    release,
    cause: id,
    raisedAt: time.getTime(),
    compared: [],
    by: { kind: 'failed_rollout' },
  };
}

/** A person's order: away from the named release or from what serves, to the named version or to the last good one. */
export function readOrder({ id, time, data }: Received<'operator_command'>, target: Target): Asked | null {
  const { environment, service, digest } = data;
  const release = data.release ?? meantBy(target);
  if (environment === null || service === null || release === null) return null;
  const to =
    digest === null ? null : (target.history.findLast(({ version }) => version === digest)?.release ?? 'unknown');
  return {
    environment,
    service,
    release,
    cause: id,
    raisedAt: time.getTime(),
    compared: [],
    by: { kind: 'person', to },
  };
}

// Where a rollback has the target, ours from before a crash or another one, what serves is not what has to go.
function meantBy({ lane, seizure, current }: Target): string | null {
  return lane?.release ?? seizure?.from ?? current;
}
