import {
  toOutcome,
  type DeploymentTriggered,
  type HeldSlice,
  type Manifest,
  type Outgoing,
  type Phase,
  type RolloutSlice,
  type Rollout,
  type SlicePatch,
  type Strategy,
  type TerminalStatus,
} from '@orchestra/contracts';
import { endHeld } from './held-slice.ts';
import type { Serving } from './ports.ts';
import type { Told, Work } from './work.ts';

const inAvro: Record<Rollout['strategy'], Strategy> = {
  immediate: 'IMMEDIATE',
  rolling: 'ROLLING',
  blue_green: 'BLUE_GREEN',
  canary: 'CANARY',
  feature_flag: 'FEATURE_FLAG',
};

export interface Move {
  phase: Phase;
  /** How the rollout ended; null while it goes on. */
  status: TerminalStatus | null;
  reason: string | null;
  /** Null: no release was made. */
  lane: Rollout | null;
  url: string | null;
  /** Events behind the move, beside those of the job. */
  causes?: readonly string[];
}

/** The event of one move. */
export function triggered({ context, name }: Work, move: Move): Outgoing<'deployment_triggered'> {
  const { phase, status, reason, lane, url, causes = [] } = move;
  const outcome = status === null ? null : toOutcome(status);
  const rollout = lane === null ? nothing : rolloutOf(lane);
  const { environment, service } = name;
  const all = [...new Set([...context.job.causes, ...causes])];
  return {
    topic: 'deployment_triggered',
    data: { phase, outcome, reason, environment, service, ...rollout, url, causes: all },
  };
}

type RolloutFields = Pick<
  DeploymentTriggered,
  'release' | 'version' | 'previousRelease' | 'epoch' | 'strategy' | 'step' | 'steps' | 'weightPercent' | 'objects'
>;

const nothing: RolloutFields = {
  release: null,
  version: null,
  previousRelease: null,
  epoch: 0,
  strategy: 'UNRECOGNIZED',
  step: 0,
  steps: 0,
  weightPercent: 0,
  objects: null,
};

function rolloutOf(lane: Rollout): RolloutFields {
  const { release, version, previous, epoch, strategy, step, weights } = lane;
  const weightPercent = weights[step - 1] ?? 0;
  return {
    release,
    version,
    previousRelease: previous,
    epoch,
    strategy: inAvro[strategy],
    step,
    steps: weights.length,
    weightPercent,
    objects: objectsOf(lane.manifest),
  };
}

// The store may be lost: what was rendered is told by no other event, and a way back needs the same bytes.
function objectsOf({ container, replicas }: Manifest): RolloutFields['objects'] {
  const { objects } = container ?? {};
  return objects === undefined ? null : { digest: objects.digest, rendered: objects.rendered, replicas };
}

export interface Shown {
  state: string;
  lane: Rollout | null;
  /** What was seen behind the move. */
  serving?: Serving | null;
  waitsFor?: string | null;
  /** Of a wait for the environment to open. */
  held?: HeldSlice;
}

/** What people see of the rollout. */
export function sliceOf(work: Work, { state, lane, waitsFor = null, ...shown }: Shown): SlicePatch<'deploy'> {
  const { name, context } = work;
  const key = `${name.environment}/${name.service}`;
  const before = context.run.slices.deploy[key];
  const serves = shown.serving === undefined ? servesBefore(before) : servesNow(shown.serving, lane);
  const begun = lane === null ? { ...unbegun, strategy: before?.strategy ?? unbegun.strategy } : shownOf(lane);
  const rollout = { ...begun, ...toldOf(work) };
  const held = heldOf(shown.held, before, context.now);
  return { [key]: withShare({ ...rollout, state, ...serves, waitsFor, ...held }) };
}

type Serves = Pick<RolloutSlice, 'url' | 'replicas'>;

function servesBefore(before: RolloutSlice | undefined): Serves {
  const { url = null, replicas } = before ?? {};
  return { url, ...(replicas === undefined ? {} : { replicas }) };
}

function servesNow(serving: Serving | null, lane: Rollout | null): Serves {
  const mine = serving?.releases.find(({ release }) => release === lane?.release);
  const url = serving?.url ?? null;
  return mine === undefined ? { url } : { url, replicas: { ready: mine.ready, wanted: mine.wanted } };
}

// What is told of anything but the wait says that it is over.
function heldOf(held: HeldSlice | undefined, before: RolloutSlice | undefined, now: Date): Pick<RolloutSlice, 'held'> {
  if (held !== undefined) return { held };
  return before?.held === undefined ? {} : { held: endHeld(before.held, now) };
}

/** What this generation of the rollout has told people, in this attempt or an earlier one. */
export function toldOf({ name, context, told }: Work): Told {
  if (told !== undefined) return told;
  const { preflight, approval } = context.run.slices.deploy[`${name.environment}/${name.service}`] ?? {};
  const { generation } = context.job;
  return {
    ...(preflight?.generation === generation ? { preflight } : {}),
    ...(approval?.generation === generation ? { approval } : {}),
  };
}

type ShownRollout = Omit<RolloutSlice, 'state' | 'url' | 'waitsFor'>;

const unbegun: ShownRollout = {
  release: null,
  version: null,
  previousRelease: null,
  strategy: 'none',
  step: 0,
  steps: 0,
  weightPercent: 0,
  epoch: 0,
};

function shownOf({ release, version, previous, strategy, step, weights, epoch }: Rollout): ShownRollout {
  const share = { step, steps: weights.length, weightPercent: weights[step - 1] ?? 0, epoch };
  return { release, version, previousRelease: previous, strategy, ...share };
}

/** What people see after another state of the same rollout: what it brought stays in sight. */
export function sliceAfter(work: Work, state: string): SlicePatch<'deploy'> {
  const { name, context } = work;
  const key = `${name.environment}/${name.service}`;
  const before = context.run.slices.deploy[key];
  return before === undefined ? {} : { [key]: withShare({ ...before, ...toldOf(work), state, waitsFor: null }) };
}

const withoutTraffic = new Set(['aborted', 'rolled_back', 'replaced']);

// What a rollout had of the traffic is gone with it.
function withShare(slice: RolloutSlice): RolloutSlice {
  return withoutTraffic.has(slice.state) ? { ...slice, weightPercent: 0 } : slice;
}
