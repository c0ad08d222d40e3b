import { findCurrent, releaseGroup, type Plan, type Target } from '@orchestra/contracts';
import type { Decided, Ended, Result } from '@orchestra/runtime';
import { decideRollback, type Decision } from './decide.ts';
import { gatherFacts, gatherWork, type Asked, type Work } from './gather-facts.ts';
import { eventOf, sliceOf, type Account } from './report.ts';

/** Carries out what was decided about one target. */
export type CarryOut = (work: Work, decision: Decision) => Promise<Result<'rollback'>>;

/** The other members of the group, as they are taken back: those that depend on the asked one, and the others. */
export interface Others {
  ahead: readonly string[];
  behind: readonly string[];
}

/** Who goes back with a service: a group goes back in the reverse order of its release. */
export function othersOf({ deployment }: Pick<Plan, 'deployment'>, service: string): Others {
  const reversed = releaseGroup(deployment?.services ?? [], service).toReversed();
  const place = reversed.indexOf(service);
  return { ahead: reversed.slice(0, place), behind: reversed.slice(place + 1) };
}

/** Takes members back, one after the other, as far as what they bring or serve is of this run. */
export async function takeMembersBack(
  asking: Work,
  { members, carryOut }: { members: readonly string[]; carryOut: CarryOut },
): Promise<Ended<'rollback'>[]> {
  const ends: Ended<'rollback'>[] = [];
  for (const service of members) {
    const ended = await takeMemberBack(asking, { service, carryOut });
    if (ended !== null) ends.push(ended);
  }
  return ends;
}

interface Member {
  service: string;
  carryOut: CarryOut;
}

async function takeMemberBack(asking: Work, { service, carryOut }: Member): Promise<Ended<'rollback'> | null> {
  const { context, ports, asked: first } = asking;
  const { rollback } = await context.plan();
  let begun: Decided | null = null;
  for (;;) {
    context.signal.throwIfAborted();
    const { environment, cause } = first;
    const bare: Asked = { ...first, environment, service, release: '', by: { kind: 'group' } };
    const { held } = await gatherWork(bare, context, ports);
    const done = held.target.rollbacks.findLast((one) => one.cause === cause);
    if (done !== undefined) return restoredBefore(held.target, { asked: bare, from: done.from, to: done.to });
    const release = releaseOfRun(held.target, { runId: context.run.runId, cause });
    if (release === null) return null;

    const work = await gatherWork({ ...bare, release }, context, ports);
    const facts = await gatherFacts(work);
    const decision = decideRollback(work.asked, facts, rollback);
    // A round that finds its own seizure goes on with what was decided before it, and says why that was.
    if (begun === null || decision.reason !== 'resumed') begun = decidedOn(service, decision, facts);
    const ended = await settle(work, await carryOut(work, decision));
    if (ended !== null)
      return told(ended, { decided: begun, isSilent: decision.kind === 'refuse' && facts.unfinished !== release });
  }
}

const memberDecided = 'member of the group decided';

function decidedOn(service: string, decision: Decision, facts: Awaited<ReturnType<typeof gatherFacts>>): Decided {
  return { what: memberDecided, reason: decision.reason, facts: { service, decision, ...facts } };
}

// Null: the target has moved under it, so it is decided anew.
async function settle({ context }: Work, result: Result<'rollback'>): Promise<Ended<'rollback'> | null> {
  if (result.kind !== 'end') return null;
  if (result.target === undefined) return result;
  return (await context.changeTarget(result.target)) === 'finished' ? result : null;
}

// A release that stays is none that went bad: its watch goes on, and nobody is told otherwise.
function told(
  { events, slice, ...ended }: Ended<'rollback'>,
  { decided, isSilent }: { decided: Decided; isSilent: boolean },
): Ended<'rollback'> {
  const shown = isSilent || slice === undefined ? {} : { slice };
  return { ...ended, ...shown, events: isSilent ? [] : events, decided: [decided] };
}

function releaseOfRun(target: Target, { runId, cause }: { runId: string; cause: string }): string | null {
  if (target.seizure !== null) return target.seizure.cause === cause ? target.seizure.from : null;
  if (target.lane?.runId === runId) return target.lane.release;
  const current = findCurrent(target);
  return current?.runId === runId ? current.release : null;
}

interface Done {
  asked: Asked;
  from: string;
  to: string;
}

// An attempt that died has done it: what it would have told is told again.
function restoredBefore({ epoch }: Target, { asked, from, to }: Done): Ended<'rollback'> {
  const { environment, service, compared } = asked;
  const reached = { fromRelease: from, toRelease: to, epoch, status: 'success' as const, quarantined: true };
  const account: Account = { environment, service, compared, reason: 'group_failed', ...reached };
  const decided = [{ what: memberDecided, reason: account.reason, facts: { service, from, to } }];
  return { kind: 'end', status: null, events: [eventOf(account)], slice: sliceOf(account), decided };
}

/** The end of the asked one, with what was done to the others. */
export function withMembers(ended: Ended<'rollback'>, members: readonly Ended<'rollback'>[]): Ended<'rollback'> {
  if (members.length === 0) return ended;
  const message = [ended.message, ...members.map((one) => one.message)]
    .filter((text) => typeof text === 'string')
    .join('; ');
  return {
    ...ended,
    message,
    events: [...members.flatMap(({ events }) => events), ...ended.events],
    slice: Object.assign({}, ...members.map(({ slice }) => slice), ended.slice),
    decided: [...(ended.decided ?? []), ...members.flatMap(({ decided = [] }) => decided)],
  };
}

/** Whether a member is among those that were taken back. */
export function isTakenBack(ends: readonly Ended<'rollback'>[], environment: string, service: string): boolean {
  return ends.some(({ slice }) => Object.hasOwn(slice ?? {}, `${environment}/${service}`));
}
