import { serviceNames, type PlannedUnit, type RunIdentity, type RunState, type UnitState } from '@orchestra/contracts';
import { decodeCount, decodeFields, decodeInstant, decodeJson } from './decode-reply.ts';
import { decodeWishes } from './decode-wishes.ts';

type Fields = ReadonlyMap<string, string>;

/** The state of a run from the fields of its hash; null: there is no such run. */
export function decodeRun(reply: unknown): RunState | null {
  const fields = decodeFields(reply);
  if (!fields.has('identity')) return null;
  return {
    ...(decodeJson(fields.get('identity')) as RunIdentity),
    v: decodeCount(fields.get('v')),
    sequence: decodeCount(fields.get('sequence')),
    generation: decodeCount(fields.get('generation')),
    createdAt: decodeInstant(fields.get('createdAt')) ?? '',
    deadlineAt: decodeInstant(fields.get('deadlineAt')),
    endedAt: decodeInstant(fields.get('endedAt')),
    hopsLimit: decodeCount(fields.get('hopsLimit')),
    plannedUnits: fields.has('plan') ? (decodeJson(fields.get('plan')) as PlannedUnit[]) : [],
    units: Object.fromEntries(startingWith(fields, 'st:').map(([unit, stored]) => [unit, decodeUnit(stored)])),
    wishes: decodeWishes(fields.get('wishes')),
    notes: decodeNotes(fields),
    slices: decodeSlices(fields),
  };
}

interface StoredUnit extends Pick<UnitState, 'generation' | 'status'> {
  reason?: string;
  message?: string;
  at: number;
  startedAt?: number;
  endedAt?: number;
}

function decodeUnit(stored: string): UnitState {
  const unit = decodeJson(stored) as StoredUnit;
  return {
    generation: unit.generation,
    status: unit.status,
    reason: unit.reason ?? null,
    message: unit.message ?? null,
    at: decodeInstant(unit.at) ?? '',
    startedAt: decodeInstant(unit.startedAt),
    endedAt: decodeInstant(unit.endedAt),
  };
}

// The value of a note is its place.
function decodeNotes(fields: Fields): string[] {
  return startingWith(fields, 'note:')
    .toSorted(([, a], [, b]) => Number(a) - Number(b))
    .map(([note]) => note);
}

// Rows are `service:key`; a service has no colon in its name.
function decodeSlices(fields: Fields): RunState['slices'] {
  const rows = Map.groupBy(startingWith(fields, 'sl:'), ([row]) => row.slice(0, row.indexOf(':')));
  const slices = serviceNames.map((service) => [
    service,
    Object.fromEntries(
      (rows.get(service) ?? []).map(([row, value]) => [row.slice(service.length + 1), decodeJson(value)]),
    ),
  ]);
  return Object.fromEntries(slices) as RunState['slices'];
}

function startingWith(fields: Fields, prefix: string): [name: string, value: string][] {
  return [...fields]
    .filter(([field]) => field.startsWith(prefix))
    .map(([field, value]) => [field.slice(prefix.length), value]);
}
