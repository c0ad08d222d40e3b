import type { ServiceName } from '../topics.ts';
import { readTargetUnit, unitNames } from '../units.ts';
import type { PlannedUnit, RunState } from './run.ts';
import { isTerminal } from './status.ts';

/** What has to be known of a job: where it stands. Times are ISO 8601. */
export interface JobStanding {
  service: ServiceName;
  unit: string | null;
  generation: number;
  status: 'queued' | 'running' | 'parked' | 'done';
  /** When it may be begun; null: nobody knows. */
  dueAt: string | null;
  /** Until when its worker has said that it lives; null: it has none. */
  leaseEndsAt: string | null;
}

/** A unit for which somebody should be at work, and nobody is. */
export interface Unattended {
  unit: string;
  /** The service whose unit it is: is it running? */
  service: ServiceName;
  /** `not_taken`: its inputs are there, and no job was made of them. `not_begun`: its job is due. `left`: its worker died. */
  kind: 'not_taken' | 'not_begun' | 'left';
  /** Since when, ISO 8601. */
  since: string;
}

type Facts = Pick<RunState, 'plannedUnits' | 'units' | 'slices'>;

/** Shorter waits are the way from one service to the next. */
const patienceMs = 10_000;

/**
 * The units that nobody attends to, in the order of the plan: their services are not running, or have too much to do.
 * Pure; the same facts give the same answer.
 *
 * @param jobs all jobs of the run
 */
export function findUnattended(run: Facts, jobs: readonly JobStanding[], now: Date): Unattended[] {
  return unitsOf(run, jobs).flatMap(({ unit, service, after }) => {
    const state = run.units[unit];
    if (state !== undefined && isTerminal(state.status)) return [];
    const generation = state?.generation ?? 1;
    const open = jobs.filter((job) => job.unit === unit && job.generation === generation && job.status !== 'done');
    const found = open.length === 0 ? withoutJob(run, { unit, service, after }) : ofJobs(open);
    if (found === null || now.getTime() - Date.parse(found.since) < patienceMs) return [];
    return [{ unit, service, ...found }];
  });
}

type Foreseen = Pick<PlannedUnit, 'unit' | 'service' | 'after'>;

// Beside the plan there are what comes before it is read, and rollbacks, which a rollout that fails asks for.
function unitsOf({ plannedUnits, units, slices }: Facts, jobs: readonly JobStanding[]): Foreseen[] {
  const failing = Object.entries(slices.deploy).filter(([, { state }]) => state === 'failing');
  const names = new Set([...Object.keys(units), ...failing.map(([place]) => `rollback/${place}`)]);
  for (const { unit } of plannedUnits) names.delete(unit);
  const unplanned = [...names].map((unit): Foreseen => {
    const service = jobs.find((job) => job.unit === unit)?.service ?? 'rollback';
    return { unit, service, after: [] };
  });
  return [...unplanned, ...plannedUnits];
}

type Found = Pick<Unattended, 'kind' | 'since'>;

// Of several jobs of a unit, as a step and its timer, one that is attended to is enough.
function ofJobs(open: readonly JobStanding[]): Found | null {
  const found = open.map(ofJob);
  const times = found.flatMap((each) => each?.since ?? []).toSorted();
  if (found.includes(null)) return null;
  return { kind: found[0]?.kind ?? 'not_begun', since: times[0] ?? '' };
}

function ofJob({ status, dueAt, leaseEndsAt }: JobStanding): Found | null {
  if (status === 'running') return leaseEndsAt === null ? null : { kind: 'left', since: leaseEndsAt };
  return dueAt === null ? null : { kind: 'not_begun', since: dueAt };
}

function withoutJob({ units, slices }: Facts, { unit, service, after }: Foreseen): Found | null {
  const states = besideRollout[service];
  const since = states === undefined ? sinceInputs(units, after) : sinceRollout({ units, slices }, unit, states);
  return since === null ? null : { kind: 'not_taken', since };
}

// A watch begins with the first step of its rollout, a rollback with its failing; the rollout goes on beside both.
const besideRollout: Partial<Record<ServiceName, readonly string[]>> = {
  observability: ['judging', 'watching'],
  rollback: ['failing'],
};

function sinceInputs(units: Facts['units'], after: readonly string[]): string | null {
  const times: string[] = [];
  for (const name of after) {
    const input = units[name];
    if (input === undefined || !isTerminal(input.status)) return null;
    times.push(input.endedAt ?? input.at);
  }
  return times.toSorted().at(-1) ?? null;
}

function sinceRollout(
  { units, slices }: Pick<Facts, 'units' | 'slices'>,
  unit: string,
  states: readonly string[],
): string | null {
  const place = readTargetUnit(unit);
  if (place === null) return null;
  const { environment, service } = place;
  const state = slices.deploy[`${environment}/${service}`]?.state ?? '';
  return states.includes(state) ? (units[unitNames.deploy(environment, service)]?.at ?? null) : null;
}

/** The same with the sentence for people, as the API shows it. */
export interface ShownUnattended extends Unattended {
  text: string;
}

/** What people read about it: `build: nobody has picked this up for 40 s`. */
export function explainUnattended({ unit, service, kind, since }: Unattended, now: Date): string {
  const lasts = renderSeconds(Math.max(0, now.getTime() - Date.parse(since)));
  const asks = `does the service ${service} run?`;
  if (kind === 'left') return `${unit}: its worker was lost ${lasts} ago, and nobody has taken over; ${asks}`;
  return `${unit}: nobody has picked this up for ${lasts}; ${asks}`;
}

function renderSeconds(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return seconds < 120 ? `${seconds} s` : `${Math.floor(seconds / 60)} min`;
}
