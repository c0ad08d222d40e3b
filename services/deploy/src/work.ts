import {
  readTargetUnit,
  type Manifest,
  type Mover,
  type ReleaseRecord,
  type RolloutSlice,
  type Rollout,
  type TargetName,
  findRelease,
  worldKey,
} from '@orchestra/contracts';
import {
  afterWrite,
  readHeldTarget,
  targetWrite,
  type HeldTarget,
  type JobContext,
  type TargetWrite,
} from '@orchestra/runtime';
import type { Moved } from '@orchestra/contracts';
import type { Ports, Startable } from './ports.ts';

export type Context = JobContext<'deploy'>;

/** One attempt at a job of a rollout: who moves, where, and the target as it was last read. */
export interface Work {
  context: Context;
  ports: Ports;
  unit: string;
  name: TargetName;
  /** The target's name in the world. */
  key: string;
  mover: Mover;
  held: HeldTarget;
  /** What this attempt has told people beside the moves; absent: nothing yet. */
  told?: Told;
}

/** What was found before the first move, and what people were asked. */
export type Told = Pick<RolloutSlice, 'preflight' | 'approval'>;

/** Gathers the target of the job's unit. */
export async function gatherWork(context: Context, ports: Ports): Promise<Work> {
  const unit = context.job.unit ?? '';
  const place = readTargetUnit(unit);
  if (place === null) throw new TypeError(`${unit} is no unit of a target`);
  const name = { repository: context.run.repository, ...place };
  const mover = { runId: context.run.runId, generation: context.job.generation };
  const held = await readHeldTarget(context, name);
  return { context, ports, unit, name, key: worldKey(held.target), mover, held };
}

/** Writes a move before its effect. Null: the target has moved meanwhile, so the job decides again. */
export async function writeMove(
  work: Work,
  moved: Moved,
  more: Pick<TargetWrite, 'unlessQuarantined'> = {},
): Promise<Work | 'target_moved' | 'quarantined'> {
  const written = await work.context.changeTarget(targetWrite(work.held, moved, more));
  if (written !== 'finished') return written;
  const held = afterWrite(work.held, moved);
  // With its first release a target gets a place in the world.
  return { ...work, held, key: worldKey(held.target) };
}

/** The record of what served when the rollout took the lane, or null for the first release. */
export function previousOf({ held }: Work, lane: Rollout): ReleaseRecord | null {
  return lane.previous === null ? null : findRelease(held.target, lane.previous);
}

/** How a release is started, with so many processes. */
export function startableOf({ context }: Work, release: string, manifest: Manifest): Startable {
  const { metricsPath: _metricsPath, flag: _flag, ...start } = manifest;
  const { artifacts } = context;
  const opened = { open: async () => artifacts.open(manifest.artifactDigest) };
  return { release, ...start, ...opened, openStored: async (digest) => artifacts.open(digest) };
}
