import { readInfrastructureUnit, resolutions, type RunState, type Target } from '@orchestra/contracts';
import type { Quarantined } from '@orchestra/runtime';
import type { Random } from './random.ts';

/** What people see when they order something. */
export interface Seen {
  runs: readonly RunState[];
  targets: readonly Target[];
  quarantine: readonly Quarantined[];
}

/** A path of the API behind its version, and a body. */
export interface Order {
  path: string;
  body: object;
}

/** Draws an order, at what may be the worst moment; null: there is nothing that it could be about. */
export function chooseOrder(seen: Seen, random: Random): Order | null {
  switch (random.pick(['cancel', 'retry', 'retry', 'rollback', 'answer', 'let out', 'resolve'])) {
    case 'cancel':
      return orderRun(random.find(seen.runs), (run) => ({ path: `/runs/${run.runId}/cancel`, body: {} }));
    case 'retry':
      return orderRun(random.find(seen.runs), (run) => ({
        path: `/runs/${run.runId}/retry`,
        body: retryOf(run, random),
      }));
    case 'rollback':
      return orderTarget('rollback', random.find(seen.targets));
    case 'resolve':
      return orderTarget('resolve', random.find(seen.targets));
    case 'answer':
      return answerOne(random.find(seen.runs), random);
    case 'let out':
      return letOut(random.find(seen.quarantine));
  }
}

// The reasons with which a unit waits for a yes or a no.
const asks: readonly string[] = ['health_unclear', 'plan_approval'];

/** The orders that answer whatever waits for a person. */
export function answerAll({ runs, targets }: Seen, random: Random): Order[] {
  const asked = runs.flatMap(({ runId, units }) =>
    Object.entries(units)
      .filter(([, { status, reason }]) => status === 'waiting' && asks.includes(reason ?? ''))
      .map(([unit]) => ({ path: `/runs/${runId}/${random.pick(['approve', 'reject'])}`, body: { unit } })),
  );
  const blocked = targets.filter((target) => target.blocked !== null);
  const plans = runs.flatMap((run) => answerInfrastructure(run, random));
  return [...asked, ...plans, ...blocked.flatMap((target) => orderTarget('resolve', target) ?? [])];
}

// A plan that waits is answered by its digest; of an apply that was cut somebody has seen something.
function answerInfrastructure({ runId, units, slices }: RunState, random: Random): Order[] {
  return Object.entries(units).flatMap(([unit, { status }]): Order[] => {
    const environment = readInfrastructureUnit(unit);
    if (environment === null) return [];
    const digest = slices.iac[environment]?.question?.digest;
    if (status === 'waiting' && digest !== undefined) {
      return [{ path: `/runs/${runId}/${random.pick(['approve', 'reject'])}`, body: { unit, digest } }];
    }
    if (status !== 'unknown') return [];
    return [{ path: `/runs/${runId}/resolve`, body: { unit, resolution: random.pick(resolutions) } }];
  });
}

function orderRun(run: RunState | null, make: (run: RunState) => Order): Order | null {
  return run === null ? null : make(run);
}

function retryOf({ units }: RunState, random: Random): object {
  const unit = random.chance(0.5) ? null : random.find(Object.keys(units));
  return { unit, force: random.chance(0.4) };
}

function orderTarget(what: 'rollback' | 'resolve', target: Target | null): Order | null {
  if (target === null) return null;
  const { repository, environment, service } = target;
  return { path: `/targets/${repository}/${environment}/${service}/${what}`, body: {} };
}

function answerOne(run: RunState | null, random: Random): Order | null {
  const rollouts = Object.keys(run?.units ?? {}).filter((name) => name.startsWith('deploy/'));
  const unit = random.find(rollouts);
  if (run === null || unit === null) return null;
  return { path: `/runs/${run.runId}/${random.pick(['approve', 'reject'])}`, body: { unit } };
}

function letOut(entry: Quarantined | null): Order | null {
  if (entry === null) return null;
  const { repository, key } = entry;
  return { path: '/quarantine/release', body: { repository, key, reason: 'a person has looked' } };
}
