import {
  isTerminal,
  opensGate,
  readTargetUnit,
  type Resolution,
  type RunState,
  type ServiceName,
} from '@orchestra/contracts';

export type Order =
  | { action: 'CANCEL' }
  | { action: 'RUN' }
  | { action: 'PROMOTE'; environment: string }
  | { action: 'RETRY'; unit: string | null; force: boolean }
  | { action: 'APPROVE' | 'REJECT'; unit: string }
  | { action: 'EXTEND_WATCH'; unit: string | null; seconds: number }
  | { action: 'RESOLVE'; unit: string; resolution: Resolution };

export type OrderDecision =
  | { kind: 'send'; addressee: ServiceName; unit: string | null; environment: string | null; service: string | null }
  | {
      kind: 'refuse';
      reason: 'ended' | 'unit_unknown' | 'nothing_to_retry' | 'not_one_watch' | 'not_reached';
      message: string;
    };

type Run = Pick<RunState, 'plannedUnits' | 'units' | 'endedAt'>;

/** Who is asked. Whether it may be done is for the addressee to say, who knows what is true when it comes there. */
export function decideOrder(order: Order, run: Run): OrderDecision {
  if (order.action === 'EXTEND_WATCH') return decideExtension(order.unit, run);
  if (order.action === 'PROMOTE') return decidePromotion(order.environment, run);
  if (order.action !== 'CANCEL' && order.action !== 'RUN') return decideAboutUnit(order.unit ?? firstBad(run), run);
  if (order.action === 'CANCEL' && run.endedAt !== null)
    return { kind: 'refuse', reason: 'ended', message: 'The run has ended' };
  return { kind: 'send', addressee: 'gitops', unit: null, environment: null, service: null };
}

// One order for all services of the environment; it names one, for its history.
function decidePromotion(environment: string, run: Run): OrderDecision {
  const planned = run.plannedUnits.find(
    ({ unit, service }) => service === 'deploy' && readTargetUnit(unit)?.environment === environment,
  );
  if (planned !== undefined) return decideAboutUnit(planned.unit, run);
  return { kind: 'refuse', reason: 'not_reached', message: `The run does not reach ${environment}` };
}

// Without a unit the only watch that goes on is meant.
function decideExtension(unit: string | null, run: Run): OrderDecision {
  const watches = run.plannedUnits.filter(
    (planned) => planned.service === 'observability' && run.units[planned.unit]?.status === 'running',
  );
  const [only] = watches;
  if (unit === null && (only === undefined || watches.length > 1)) {
    return { kind: 'refuse', reason: 'not_one_watch', message: 'Not exactly one watch goes on; name a unit' };
  }
  const asked = decideAboutUnit(unit ?? only?.unit ?? null, run);
  if (asked.kind === 'refuse' || asked.addressee === 'observability') return asked;
  return { kind: 'refuse', reason: 'unit_unknown', message: `${unit} is no watch` };
}

function decideAboutUnit(unit: string | null, run: Run): OrderDecision {
  if (unit === null) return { kind: 'refuse', reason: 'nothing_to_retry', message: 'Nothing failed; name a unit' };
  const addressee = run.plannedUnits.find((planned) => planned.unit === unit)?.service;
  if (addressee === undefined) {
    return { kind: 'refuse', reason: 'unit_unknown', message: `The run has no unit ${unit}` };
  }
  const { environment, service } = readTargetUnit(unit) ?? { environment: null, service: null };
  return { kind: 'send', addressee, unit, environment, service };
}

// The plan is in the order of the stages, so this is what the others were skipped for.
function firstBad({ plannedUnits, units }: Run): string | null {
  const bad = plannedUnits.find(({ unit }) => {
    const status = units[unit]?.status;
    return status !== undefined && isTerminal(status) && !opensGate(status) && status !== 'skipped';
  });
  return bad?.unit ?? null;
}
