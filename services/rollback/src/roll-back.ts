import {
  blockTarget,
  findBreach,
  findRelease,
  OrchestraError,
  restoreTarget,
  seizeTarget,
  type ReleaseRecord,
  type Seizure,
} from '@orchestra/contracts';
import {
  afterWrite,
  targetWrite,
  type Conclusion,
  type Ended,
  type Result,
  type TargetWrite,
} from '@orchestra/runtime';
import { decideRollback, type Decision } from './decide.ts';
import { gatherFacts, gatherWork, type Asked, type Context, type Work } from './gather-facts.ts';
import { withPacket } from './packet/write-packet.ts';
import { lowerFlag } from './lower-flag.ts';
import type { Ports } from './ports.ts';
import { eventOf, sliceOf, type Account } from './report.ts';
import { isTakenBack, othersOf, takeMembersBack, withMembers } from './take-group-back.ts';

/** The act that three topics lead to: gather, decide, seize, restore, report. */
export async function rollBack(asked: Asked, context: Context, ports: Ports): Promise<Result<'rollback'>> {
  const work = await gatherWork(asked, context, ports);
  const facts = await gatherFacts(work);
  const plan = await context.plan();
  const decision = decideRollback(asked, facts, plan.rollback);
  const decided = [{ what: 'rollback decided', reason: decision.reason, facts: { decision, ...facts } }];
  const { ahead, behind } = decision.kind === 'restore' ? othersOf(plan, asked.service) : { ahead: [], behind: [] };
  const first = await takeMembersBack(work, { members: ahead, carryOut });
  const result = await carryOut(work, decision);
  if (result.kind !== 'end') return result;
  const second = await takeMembersBack(work, { members: behind, carryOut });
  // Once more: who took a lane beside the first look is seen by the second.
  const left = [...ahead, ...behind].filter((one) => !isTakenBack([...first, ...second], asked.environment, one));
  const third = await takeMembersBack(work, { members: left, carryOut });
  const written = await withPacket({ work, decision, ended: { ...result, decided } });
  return withMembers(written, [...first, ...second, ...third]);
}

async function carryOut(work: Work, decision: Decision): Promise<Result<'rollback'>> {
  if (decision.kind === 'refuse') return refused(work, decision.reason);
  const seized = await seize(work, decision);
  if (seized.kind === 'ended') return seized.end;
  return seized.kind === 'again' ? seized : restore(seized.work, seized.seizure);
}

type Seized =
  | { kind: 'again' }
  | { kind: 'ended'; end: Ended<'rollback'> }
  | { kind: 'seized'; work: Work; seizure: Seizure };

/** Takes epoch, quarantine and owner in one step, on the facts that were decided on. */
async function seize(work: Work, { to, reason }: Extract<Decision, { kind: 'restore' }>): Promise<Seized> {
  const { context, asked, held } = work;
  const { runId } = context.run;
  const byPerson = asked.by.kind === 'person';
  const request = { cause: asked.cause, runId, jobId: context.job.jobId, from: asked.release, to, reason, byPerson };
  const answer = seizeTarget(held.target, request, context.now);
  if (answer.kind === 'refused') return { kind: 'ended', end: refused(work, answer.reason) };
  // Another alert is bringing the same release back, and will tell of it.
  if (answer.kind === 'joined') return { kind: 'ended', end: { kind: 'end', status: null, events: [] } };
  const { seizure } = answer.target;
  if (seizure === null) return { kind: 'again' };
  if (answer.turn === 'resumed') return { kind: 'seized', work, seizure };

  const written = await context.changeTarget(targetWrite(held, answer, { quarantine: quarantineOf(work) }));
  if (written !== 'finished') return { kind: 'again' };
  return { kind: 'seized', work: { ...work, held: afterWrite(held, answer) }, seizure };
}

/** The version and the commit: neither a retry nor a new push of the same brings it back. */
function quarantineOf({ asked, held, context }: Work): NonNullable<TargetWrite['quarantine']> {
  const { lane } = held.target;
  const found = lane?.release === asked.release ? lane : findRelease(held.target, asked.release);
  if (found === null) return [];
  const { repository } = context.run;
  const entry = {
    repository,
    release: asked.release,
    reason: reasonOf(asked),
    alertId: asked.cause,
    breach: findBreach(asked.compared),
  };
  return [
    { ...entry, key: found.version },
    { ...entry, key: found.commit },
  ];
}

function reasonOf({ by }: Asked): string {
  if (by.kind === 'person') return 'ordered';
  if (by.kind === 'group') return 'group_failed';
  return by.kind === 'alert' ? 'threshold_breached' : 'rollout_failed';
}

/** Traffic first, then processes, verified; then what was taken back is cleaned away. */
async function restore(work: Work, seizure: Seizure): Promise<Result<'rollback'>> {
  const record = findRelease(work.held.target, seizure.to);
  if (record === null)
    return blocked(work, { status: 'error', reason: 'release_unknown', message: `${seizure.to} is forgotten` });
  let notes: readonly string[];
  try {
    const flagNotes = await lowerFlag(work, seizure);
    notes = [...flagNotes, ...(await perform(work, seizure, record))];
  } catch (error) {
    return afterFailure(work, error);
  }
  const made = { cause: seizure.cause, epoch: seizure.epoch };
  const restored = restoreTarget(work.held.target, made, work.context.now);
  if (restored.kind === 'refused') return overtaken(work);
  const account = accountOf(work, {
    status: 'success',
    reason: reasonOf(work.asked),
    toRelease: seizure.to,
    quarantined: true,
  });
  return {
    ...ended(account, `${seizure.from} was taken back, ${seizure.to} serves again`),
    notes,
    target: targetWrite(work.held, restored),
  };
}

async function perform(
  { context, ports, key, lastWords }: Work,
  { epoch, to: release }: Seizure,
  { manifest }: ReleaseRecord,
): Promise<readonly string[]> {
  const { metricsPath: _metricsPath, flag: _flag, ...start } = manifest;
  const open = async () => context.artifacts.open(manifest.artifactDigest);
  const to = { release, ...start, open, openStored: async (digest: string) => context.artifacts.open(digest) };
  const move = { target: key, epoch };
  const world = await ports.releases.giveBack({ ...move, to }, context.signal);
  // The packet is written without them where they cannot be had.
  await lastWords.read(context.signal).catch(() => null);
  const others = world.releases.map((one) => one.release).filter((one) => one !== release);
  await ports.releases.retire({ ...move, releases: others }, context.signal);
  return ports.releases.notes(key, context.signal);
}

async function afterFailure(work: Work, error: unknown): Promise<Result<'rollback'>> {
  if (work.context.signal.aborted || !(error instanceof OrchestraError)) throw error;
  const { asked, context, ports } = work;
  if (error.code === 'TARGET_REFUSED') {
    const now = await gatherWork(asked, context, ports);
    return now.held.target.seizure?.cause === asked.cause ? { kind: 'again' } : overtaken(now);
  }
  if (error.retriable && error.code !== 'RELEASE_NOT_READY') throw error;
  return blocked(work, { status: 'error', reason: 'restore_failed', message: error.message });
}

/** What a handler stands in. */
export interface Around {
  context: Context;
  ports: Ports;
}

/** A request that could not be brought to an end. With the target in its hands it leaves it blocked, and calls people. */
export async function concludeRollback(
  { reason, message }: Conclusion,
  asked: Asked | null,
  { context, ports }: Around,
): Promise<Ended<'rollback'>> {
  if (asked === null) return { kind: 'end', status: 'error', reason, message, events: [] };
  const work = await gatherWork(asked, context, ports);
  if (work.held.target.seizure?.cause === asked.cause) return blocked(work, { status: 'unknown', reason, message });
  // Nothing was touched: deploy takes an unfinished rollout out of traffic by itself.
  return refused(work, reason);
}

function blocked(work: Work, { status, reason, message }: Conclusion): Ended<'rollback'> {
  const { held, context } = work;
  const toRelease = held.target.seizure?.to ?? null;
  const moved = blockTarget(held.target, { reason: message.slice(0, 500), runId: context.run.runId }, context.now);
  const account = accountOf(work, { status, reason, toRelease, quarantined: true });
  const target = moved.kind === 'moved' ? { target: targetWrite(held, moved) } : {};
  return { ...ended(account, `The way back could not be done: ${message}`), ...target };
}

// Ordered in the same run, the other one moves the same unit and ends it.
function overtaken(work: Work): Ended<'rollback'> {
  const { held, context } = work;
  const status = held.target.seizure?.runId === context.run.runId ? null : 'not_needed';
  const account = accountOf(work, { status: 'skipped', reason: 'overtaken', toRelease: null, quarantined: true });
  return { ...ended(account, 'Another rollback has taken over'), status };
}

// A refusal is an answer, not a failure: whether the run is good is said by the units that failed before.
function refused(work: Work, reason: string): Ended<'rollback'> {
  const account = accountOf(work, { status: 'skipped', reason, toRelease: null, quarantined: false });
  const { slice, ...end } = ended(account, `No rollback: ${reason}`);
  // That it does not serve any more was our own doing: people go on seeing what was done.
  return { ...end, ...(isTold(work) ? {} : { slice }), status: 'not_needed' };
}

function isTold({ context, asked }: Work): boolean {
  const told = context.run.slices.rollback[`${asked.environment}/${asked.service}`];
  return told?.decision === 'restore' && told.fromRelease === asked.release;
}

function accountOf(
  { asked, held }: Work,
  outcome: Pick<Account, 'status' | 'reason' | 'toRelease' | 'quarantined'>,
): Account {
  const { environment, service, release: fromRelease, compared } = asked;
  return { environment, service, fromRelease, compared, epoch: held.target.epoch, ...outcome };
}

function ended(account: Account, message: string) {
  const { status, reason } = account;
  const end: Ended<'rollback'> = { kind: 'end', status, reason, message, events: [eventOf(account)] };
  return { ...end, slice: sliceOf(account) };
}
