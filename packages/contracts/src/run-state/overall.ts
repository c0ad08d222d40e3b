import { askedOfPerson } from './asked-of-person.ts';
import { isTerminal } from './status.ts';
import { readTargetUnit, unitNames } from '../units.ts';
import type { RunState, UnitState } from './run.ts';

/** The status of a whole run. Waiting for a person and rolled back are outcomes of their own. */
export type Overall =
  | { kind: 'open'; status: 'queued' | 'running' | 'waiting_for_person'; reason: string }
  | { kind: 'ended'; status: EndedStatus; reason: string };

export type EndedStatus =
  | 'success'
  | 'rolled_back'
  | 'failure'
  | 'error'
  | 'unknown'
  | 'cancelled'
  | 'superseded'
  | 'timed_out';

type Facts = Pick<RunState, 'units' | 'plannedUnits' | 'wishes' | 'generation' | 'endedAt'>;

type Named = [string, Pick<UnitState, 'status' | 'reason' | 'generation'>];

// From the one that matters most: an effect nobody can vouch for outranks a failure, a failure what it led to.
const severity = ['unknown', 'failure', 'error', 'timed_out', 'cancelled', 'skipped'] as const;

/** The one pure, total judgement of a run, used by everybody who shows it. */
export function judgeRun(run: Facts): Overall {
  const units = relevantUnits(run);
  const bound = run.wishes.filter((wish) => wish.units === null && wish.generation >= run.generation);
  if (bound.some(({ wish }) => wish === 'deadline')) return { kind: 'ended', status: 'timed_out', reason: 'deadline' };

  const open = units.filter(([, unit]) => !isTerminal(unit.status));
  if (units.length === 0 || open.length > 0) return judgeOpen(units, open);
  return judgeEnded(
    units,
    bound.map(({ wish }) => wish),
  );
}

// A planned unit without a status is queued; a rollback is not planned, and counts once it exists.
function relevantUnits(run: Facts): Named[] {
  const planned = run.plannedUnits.map(({ unit }): Named => [
    unit,
    run.units[unit] ?? { status: 'queued', reason: null, generation: 0 },
  ]);
  const names = new Set(run.plannedUnits.map(({ unit }) => unit));
  const unplanned = Object.entries(run.units).filter(([unit]) => !names.has(unit));
  return [...planned, ...unplanned];
}

function judgeOpen(units: Named[], open: Named[]): Overall {
  const asks = open.find(([name, unit]) => askedOfPerson(name, unit) !== null);
  if (asks) return { kind: 'open', status: 'waiting_for_person', reason: `${asks[0]}: ${asks[1].reason ?? ''}` };
  const started = units.some(([, { status }]) => status !== 'queued');
  const names = open.map(([unit]) => unit).join(', ');
  return { kind: 'open', status: started ? 'running' : 'queued', reason: names };
}

function judgeEnded(units: Named[], wishes: string[]): Overall {
  const worst = severity.find((status) => units.some(([, unit]) => unit.status === status));
  if (worst === undefined) return { kind: 'ended', status: 'success', reason: 'all_units_passed' };

  const [name, { reason }] = units.find(([, unit]) => unit.status === worst) ?? ['', { reason: null }];
  const because = `${name}: ${reason ?? worst}`;
  if (worst === 'unknown') return { kind: 'ended', status: 'unknown', reason: because };
  if (isRestored(units)) return { kind: 'ended', status: 'rolled_back', reason: because };
  if (wishes.includes('superseded')) return { kind: 'ended', status: 'superseded', reason: 'newer_push' };
  if (wishes.includes('cancel')) return { kind: 'ended', status: 'cancelled', reason: 'cancelled_by_person' };
  return { kind: 'ended', status: endedAs[worst], reason: because };
}

const endedAs: Record<Exclude<(typeof severity)[number], 'unknown'>, EndedStatus> = {
  failure: 'failure',
  error: 'error',
  timed_out: 'timed_out',
  cancelled: 'cancelled',
  skipped: 'failure',
};

// What was deployed again after it, by a retry, is judged by itself.
function isRestored(units: readonly Named[]): boolean {
  return units.some(([name, { status, generation }]) => {
    const place = name.startsWith('rollback/') && status === 'success' ? readTargetUnit(name) : null;
    if (place === null) return false;
    const deployed = unitNames.deploy(place.environment, place.service);
    return !units.some(([unit, newer]) => unit === deployed && newer.generation > generation);
  });
}
