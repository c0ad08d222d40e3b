import { z } from 'zod';
import type { OperatorCommand } from '../events.generated.ts';
import { compareAge, type Mover } from './transition.ts';

const waiterSchema = z.object({
  runId: z.string().min(1),
  generation: z.int().min(1),
  sequence: z.int().min(1),
  service: z.string(),
  jobId: z.string(),
  since: z.string(),
});

/** What holds up the releases of an environment, and who waits for that to end. */
export const environmentReleasesSchema = z.object({
  /** `until`: ISO 8601; null: until a person ends it. */
  frozen: z
    .object({
      until: z.string().nullable(),
      note: z.string().nullable(),
      actor: z.string(),
      at: z.string(),
    })
    .nullable(),
  /** The newest rollout of each service that met a freeze or a closed window. */
  held: z.array(waiterSchema),
});

export type EnvironmentReleases = z.output<typeof environmentReleasesSchema>;
export type Freeze = NonNullable<EnvironmentReleases['frozen']>;
export type HeldRelease = z.output<typeof waiterSchema>;

/** The name that this document of an environment has among its services: none of theirs can begin like this. */
export const environmentReleasesName = '_releases';

/** Stands for every repository, where a freeze is for all of them. */
export const everyRepository = '*';

/** The releases of an environment that nothing holds up. */
export const unheld: EnvironmentReleases = { frozen: null, held: [] };

/** The next state, with the jobs that it wakes. */
export interface HoldMove {
  next: EnvironmentReleases;
  wake: readonly { jobId: string; memo: { kind: 'take' | 'superseded' } }[];
}

export type OrderedFreeze =
  | { kind: 'freeze'; frozen: Freeze }
  | { kind: 'refused'; reason: 'not_understood' | 'until_is_over' };

/**
 * Reads the freeze that a person orders.
 *
 * @param at  when it was ordered
 * @param now one whose time is over by then is refused
 */
export function readFreeze(
  { until, reason: note, actor }: Pick<OperatorCommand, 'until' | 'reason' | 'actor'>,
  { at, now }: { at: Date; now: Date },
): OrderedFreeze {
  const end = until === null ? null : new Date(until);
  if (end !== null && Number.isNaN(end.getTime())) return { kind: 'refused', reason: 'not_understood' };
  if (end !== null && end <= now) return { kind: 'refused', reason: 'until_is_over' };
  return { kind: 'freeze', frozen: { until: end?.toISOString() ?? null, note, actor, at: at.toISOString() } };
}

/** Those who met a closed environment before go on waiting; a second freeze takes the place of the first. */
export function freezeReleases(state: EnvironmentReleases, frozen: Freeze): HoldMove {
  return { next: { ...state, frozen }, wake: [] };
}

/** Whoever waits looks again: another freeze or a window may hold it up still. */
export function unfreezeReleases(state: EnvironmentReleases): HoldMove {
  return { next: { ...state, frozen: null }, wake: wakeHeld(state) };
}

/** All who wait, told to look again. */
export function wakeHeld({ held }: EnvironmentReleases): HoldMove['wake'] {
  return held.map(({ jobId }) => ({ jobId, memo: { kind: 'take' } }));
}

/** Takes the one place that a service has among those who wait. Null: a newer rollout has it. */
export function holdRelease(state: EnvironmentReleases, waiter: HeldRelease): HoldMove | null {
  const before = state.held.find(({ service }) => service === waiter.service);
  if (before !== undefined && compareAge(waiter, before) < 0) return null;
  const others = state.held.filter(({ service }) => service !== waiter.service);
  const isKnown = before !== undefined && isSame(before, waiter);
  const since = isKnown ? before.since : waiter.since;
  const wake: HoldMove['wake'] =
    before === undefined || isKnown ? [] : [{ jobId: before.jobId, memo: { kind: 'superseded' } }];
  return { next: { ...state, held: [...others, { ...waiter, since }] }, wake };
}

/** Leaves the place, if it was had. */
export function letGoRelease(state: EnvironmentReleases, mover: Mover & { service: string }): EnvironmentReleases {
  const held = state.held.filter((one) => one.service !== mover.service || !isSame(one, mover));
  return held.length === state.held.length ? state : { ...state, held };
}

/** The freeze that holds now, or null: there is none, or its time is over. */
export function activeFreeze({ frozen }: EnvironmentReleases, now: Date): Freeze | null {
  if (frozen === null || frozen.until === null) return frozen;
  return new Date(frozen.until) > now ? frozen : null;
}

function isSame(one: Mover, other: Mover): boolean {
  return one.runId === other.runId && one.generation === other.generation;
}
