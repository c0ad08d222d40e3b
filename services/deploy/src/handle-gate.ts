import { ownedLane, takeLane, worldKeyOf, type Plan } from '@orchestra/contracts';
import { concludeWishes, targetWrite, type Result } from '@orchestra/runtime';
import { askApproval, type Asking, type Granted } from './ask-approval.ts';
import { gatherCandidate } from './candidate.ts';
import { decideWayOut } from './decide-way-out.ts';
import { endOusted } from './end-ousted.ts';
import { endUnbegun, type Unbegun } from './end-unbegun.ts';
import { giveBack } from './give-back.ts';
import { holdUntilOpen } from './hold-until-open.ts';
import { lookAtInfrastructure, waitForRemoval, withoutInfrastructure } from './look-at-infrastructure.ts';
import type { Ports } from './ports.ts';
import { isPromoted } from './promote.ts';
import { rehearseRelease } from './prepare-release.ts';
import { renderOnce } from './render-once.ts';
import { sliceOf } from './report.ts';
import { takeStep } from './take-step.ts';
import { tellPreflight } from './tell-preflight.ts';
import { waitForGroup } from './wait-for-group.ts';
import { gatherWork, writeMove, type Context, type Work } from './work.ts';

// A wake-up that got lost costs this long.
const lookAgainMs = 30_000;
const rollbackPollMs = 1_000;

/** All inputs are good: wait for the lane, take it, and make the first step. */
export async function handleGate(context: Context, ports: Ports): Promise<Result<'deploy'>> {
  const work = await gatherWork(context, ports);
  const lane = ownedLane(work.held.target, work.mover);
  const wished = concludeWishes(context.wishes().map(({ wish }) => wish));
  if (wished !== null) return lane === null ? endUnbegun(work, wished) : giveBack(work, { ...wished, causes: [] });
  // An earlier attempt of this job took the lane and died: the step is made again, under a new epoch.
  if (lane?.state === 'taken') return begin(work, await context.plan(), []);
  if (lane !== null) return takeStep(work, { step: Math.max(1, lane.step), causes: [], extensions: 0 });
  if (wasOusted(work)) return waitForRollback(work);

  return askForLane(work);
}

async function askForLane(before: Work): Promise<Result<'deploy'>> {
  const { context } = before;
  const plan = await context.plan();
  const rendered = await renderOnce(before, plan);
  if (rendered.kind === 'refused') return endUnbegun(before, rendered.ending);
  const candidate = gatherCandidate(before, plan, rendered.inputs);
  if (candidate.kind === 'none') return endUnbegun(before, { ...candidate, status: 'failure' });
  const { request } = candidate;
  const quarantined = await findQuarantine(before, [request.version, request.commit]);
  if (quarantined !== null) return endUnbegun(before, quarantined);
  if (isSuperseded(before)) return endUnbegun(before, superseded);

  const asked = await askApproval(await tellPreflight(before, request), { plan, request });
  if (asked.kind !== 'granted') return asked.result;
  return takeTurn(asked, { plan, request: { ...request, byPerson: await isPromoted(before) } });
}

/** All that a person has to say was said: the environment has to be open, and what it stands on there. */
async function takeTurn(granted: Granted, asking: Asking): Promise<Result<'deploy'>> {
  const { work } = granted;
  const { plan } = asking;
  const held = await holdUntilOpen(work, plan);
  if (held !== null) return held === 'superseded' ? endUnbegun(work, superseded) : held;
  const group = await waitForGroup(work, plan);
  if (group.kind !== 'ready') return group.kind === 'waits' ? group.parked : endUnbegun(work, group.end);
  const ground = await lookAtInfrastructure(work, plan);
  if (ground === 'gone') return endUnbegun(work, withoutInfrastructure);
  return ground === 'going' ? waitForRemoval(lookAgainMs) : takeFreeLane(granted, asking);
}

async function takeFreeLane({ work, causes }: Granted, { plan, request }: Asking): Promise<Result<'deploy'>> {
  const { context } = work;
  // Before the lane is taken: a target must not be left blocked by what an administrator has to mend.
  await work.ports.releases.demandSandbox(worldKeyOf(work.name, request.manifest), context.signal);
  const answer = takeLane(work.held.target, request, context.now);
  if (answer.kind === 'refused') return endUnbegun(work, { ...superseded, reason: answer.reason });
  if (answer.turn === 'waiting') {
    await tellOfWait(work);
    return waitForLane(work, targetWrite(work.held, answer));
  }
  const refused = await rehearseRelease(work, request);
  if (refused !== null) return endUnbegun(work, refused);

  const unlessQuarantined = { repository: context.run.repository, keys: [request.version, request.commit] };
  const taken = await writeMove(work, answer, { unlessQuarantined });
  if (typeof taken === 'string') return { kind: 'again' };
  await tellOfLane(taken);
  return begin(taken, plan, causes);
}

// A group that is taken back looks at its members once more after the last one: it sees this lane, or this look sees it.
async function begin(work: Work, plan: Plan, causes: readonly string[]): Promise<Result<'deploy'>> {
  const ground = await lookAtInfrastructure(work, plan);
  if (ground === 'going') return waitForRemoval(rollbackPollMs);
  if (ground === 'gone') return giveBack(work, { ...withoutInfrastructure, causes });
  const group = await waitForGroup(work, plan);
  if (group.kind === 'ready') return takeStep(work, { step: 1, causes, extensions: 0 });
  const message = 'Its group is taken back';
  return giveBack(work, { status: 'skipped', reason: 'dependency_failed', message, causes });
}

async function tellOfLane({ context, held }: Work): Promise<void> {
  const { lane } = held.target;
  if (lane === null) return;
  const { release, version, epoch, strategy, weights, previous } = lane;
  const facts = { release, version, epoch, strategy, weights, previous };
  await context.note({}, [{ what: 'lane taken', reason: 'free', facts }]);
}

// Whoever lost the lane during its first step does not ask for it again: a rollback has taken it out.
function wasOusted({ held, mover }: Work): boolean {
  const { seizure, rollbacks } = held.target;
  const ousted = [seizure?.ousted ?? null, ...rollbacks.map((one) => one.ousted)];
  return ousted.some((one) => one?.runId === mover.runId && one.generation === mover.generation);
}

function waitForRollback(work: Work): Result<'deploy'> {
  const { seizure, blocked } = work.held.target;
  const facts = { ownsLane: false, seized: seizure !== null, blocked: blocked !== null, answer: null, timedOut: false };
  const way = decideWayOut(facts);
  if (way.kind === 'end') return endOusted(work, way.reason);
  return { kind: 'park', reason: 'rollback', delayMs: rollbackPollMs, status: 'running' };
}

const superseded = {
  status: 'cancelled' as const,
  reason: 'superseded',
  message: 'A newer run has taken this target',
};

function waitForLane(work: Work, target: ReturnType<typeof targetWrite>): Result<'deploy'> {
  const { lane, seizure, blocked } = work.held.target;
  const owner = lane?.release ?? (seizure === null ? 'another run' : `the rollback of ${seizure.from}`);
  return {
    kind: 'park',
    reason: blocked === null ? 'lane' : 'target_blocked',
    message: blocked === null ? `Waits for ${owner} to leave the target` : `The target is blocked: ${blocked.reason}`,
    delayMs: lookAgainMs,
    slice: sliceOf(work, { state: 'waiting', lane: null, serving: null, waitsFor: 'lane' }),
    target,
  };
}

// Once: whoever stands in the list has told it.
async function tellOfWait({ context, held, mover }: Work): Promise<void> {
  const { lane, seizure, blocked, waiters } = held.target;
  if (waiters.some(({ runId, generation }) => runId === mover.runId && generation === mover.generation)) return;
  const facts = { lane: lane?.release ?? null, seizedFrom: seizure?.from ?? null, blocked, waiters: waiters.length };
  await context.note({}, [{ what: 'waits for the lane', reason: blocked === null ? 'lane' : 'target_blocked', facts }]);
}

async function findQuarantine({ context }: Work, keys: readonly string[]): Promise<Unbegun | null> {
  const all = await context.store.readQuarantine(context.run.repository);
  const found = all.find(({ key }) => keys.includes(key));
  if (found === undefined) return null;
  const message = `This version is in quarantine since ${found.at}: ${found.reason}, release ${found.release ?? 'unknown'}. A person can release it.`;
  return { status: 'failure', reason: 'quarantined', message };
}

// Told by the one who took the lane, and true only as long as this job is in no list.
function isSuperseded({ context, held, mover }: Work): boolean {
  const { memo } = context.job;
  const told = typeof memo === 'object' && memo !== null && 'kind' in memo && memo.kind === 'superseded';
  return (
    told &&
    !held.target.waiters.some(({ runId, generation }) => runId === mover.runId && generation === mover.generation)
  );
}
