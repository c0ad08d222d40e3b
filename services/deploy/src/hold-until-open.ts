import {
  activeFreeze,
  everyRepository,
  findOpening,
  holdRelease,
  leaveLane,
  letGoRelease,
  type EnvironmentReleases,
  type Freeze,
  type HeldRelease,
  type Plan,
} from '@orchestra/contracts';
import { targetWrite, type ParkedResult } from '@orchestra/runtime';
import { decideHold, type Hold } from './decide-hold.ts';
import { readReleases, releasesWrite, type HeldReleases } from './environment-releases.ts';
import { beginHeld } from './held-slice.ts';
import { sliceOf } from './report.ts';
import type { Work } from './work.ts';

// A freeze can be shortened by an order that did not know of this rollout yet.
const freezePollMs = 600_000;
const pollMs = 30_000;

/** Before the lane: a rollout that meets a closed window or a freeze sleeps until it is over. Null: it is open. */
export async function holdUntilOpen(
  work: Work,
  { deployment }: Pick<Plan, 'deployment'>,
): Promise<ParkedResult<'deploy'> | { kind: 'again' } | 'superseded' | null> {
  const { context, name } = work;
  const { environment } = name;
  const own = await readReleases(context, name);
  const all = await readReleases(context, { repository: everyRepository, environment });
  const windows = new Map(Object.entries(deployment?.windows ?? {})).get(environment);
  const freezes = [own.state, all.state].map((state) => activeFreeze(state, context.now));
  const hold = decideHold({
    now: context.now,
    environment,
    windows: windows === undefined ? null : { opening: findOpening(windows, context.now), timeZone: windows.timeZone },
    ordered: freezes.flatMap((freeze) => (freeze === null ? [] : [orderedOf(freeze)])),
    set: work.ports.freezes ?? [],
  });
  return hold === null ? letGo(work, own) : wait(work, own, hold);
}

function orderedOf({ until, note, actor }: Freeze) {
  return { until: until === null ? null : new Date(until), note, actor };
}

// Its place is left before the lane is asked for: who comes then waits for the lane, behind this one.
async function letGo({ context, mover, name }: Work, held: HeldReleases): Promise<{ kind: 'again' } | null> {
  const next = letGoRelease(held.state, { ...mover, service: name.service });
  if (next === held.state) return null;
  const written = await context.changeTarget(releasesWrite(held, { next, wake: [] }));
  return written === 'finished' ? null : { kind: 'again' };
}

async function wait(
  work: Work,
  held: HeldReleases,
  hold: Hold,
): Promise<ParkedResult<'deploy'> | { kind: 'again' } | 'superseded'> {
  const { context } = work;
  const state = await withoutEnded(held.state, work);
  const moved = holdRelease(state, waiterOf(work));
  if (moved === null) return 'superseded';
  if (!(await leaveWaiters(work))) return { kind: 'again' };
  await tell(work, held.state, hold);
  const { reason, message, until } = hold;
  const slice = sliceOf(work, {
    state: 'waiting',
    lane: null,
    serving: null,
    waitsFor: reason,
    held: heldOf(work, hold),
  });
  const target = releasesWrite(held, moved);
  return { kind: 'park', reason, message, delayMs: delayOf(reason, until, context.now), slice, target };
}

function waiterOf({ context, mover, name }: Work): HeldRelease {
  const { sequence } = context.run;
  const { jobId } = context.job;
  return { ...mover, sequence, jobId, service: name.service, since: context.now.toISOString() };
}

// Whoever ended while it waited left its place behind; it must not push anybody out.
async function withoutEnded(state: EnvironmentReleases, { context, name }: Work): Promise<EnvironmentReleases> {
  const other = state.held.find(({ service }) => service === name.service);
  if (other === undefined || other.jobId === context.job.jobId) return state;
  const job = await context.store.readJob(other.jobId);
  return job === null || job.status === 'done' ? letGoRelease(state, other) : state;
}

async function leaveWaiters({ context, held, mover }: Work): Promise<boolean> {
  const { runId, generation } = mover;
  const waits = held.target.waiters.some((one) => one.runId === runId && one.generation === generation);
  if (!waits) return true;
  return (await context.changeTarget(targetWrite(held, leaveLane(held.target, mover)))) === 'finished';
}

function heldOf({ context, name, mover }: Work, { reason, until }: Hold) {
  const before = context.run.slices.deploy[`${name.environment}/${name.service}`]?.held;
  return beginHeld(before, { generation: mover.generation, reason, until, now: context.now });
}

// Once: whoever has a place among those who wait has told it.
async function tell({ context, mover, name }: Work, { held }: EnvironmentReleases, hold: Hold): Promise<void> {
  const known = held.some(({ runId, generation, service }) => {
    return runId === mover.runId && generation === mover.generation && service === name.service;
  });
  if (known) return;
  const { reason, message, until } = hold;
  await context.note({}, [
    { what: 'waits to begin', reason, facts: { message, until, environment: name.environment } },
  ]);
}

function delayOf(reason: Hold['reason'], until: Date | null, now: Date): number {
  const leftMs = until === null ? freezePollMs : Math.max(1, until.getTime() - now.getTime());
  return reason === 'freeze' ? Math.min(leftMs, freezePollMs) : until === null ? pollMs : leftMs;
}
