import {
  findRelease,
  healthyBefore,
  targetKey,
  type Check,
  type ReleaseRecord,
  type TargetName,
} from '@orchestra/contracts';
import { readHeldTarget, type HeldTarget, type JobContext } from '@orchestra/runtime';
import type { Facts, Request } from './decide.ts';
import type { Ports } from './ports.ts';

export type Context = JobContext<'rollback'>;

/** A request with the place that it is about. */
export interface Asked extends Request {
  environment: string;
  service: string;
  /** What the release was judged by. */
  compared: readonly Check[];
}

/** One attempt at a rollback. */
export interface Work {
  context: Context;
  ports: Ports;
  asked: Asked;
  name: TargetName;
  /** The target's name in the world. */
  key: string;
  held: HeldTarget;
}

export async function gatherWork(asked: Asked, context: Context, ports: Ports): Promise<Work> {
  const { environment, service } = asked;
  const name = { repository: context.run.repository, environment, service };
  return { context, ports, asked, name, key: targetKey(name), held: await readHeldTarget(context, name) };
}

export async function gatherFacts(work: Work): Promise<Facts> {
  const { asked, held, context } = work;
  const { target } = held;
  const before = healthyBefore(target, asked.release);
  const wanted = asked.by.kind === 'person' && asked.by.to !== null ? findRelease(target, asked.by.to) : before;
  return {
    now: context.now.getTime(),
    current: target.current,
    unfinished: target.lane?.release ?? null,
    seizure: target.seizure,
    blocked: target.blocked !== null,
    healthyBefore: before?.release ?? null,
    restorable: wanted !== null && (await isRestorable(work, wanted)),
    automatic: target.rollbacks
      .filter(({ from, byPerson }) => !byPerson && findRelease(target, from) !== null)
      .map(({ from, at }) => ({ from, at: new Date(at).getTime() })),
  };
}

// What runs can be given traffic; what does not has to be started from its artifact.
async function isRestorable({ context, ports, key }: Work, { release, manifest }: ReleaseRecord): Promise<boolean> {
  const world = await ports.releases.look(key, context.signal);
  const runs = world?.releases.some((one) => one.release === release && one.ready > 0) === true;
  return runs || (await context.artifacts.has(manifest.artifactDigest));
}
