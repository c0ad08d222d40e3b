import {
  compareAge,
  findRelease,
  healthyBefore,
  judgeWayBack,
  worldKey,
  type Check,
  type ClosedWayBack,
  type ReleaseRecord,
  type Target,
  type TargetName,
} from '@orchestra/contracts';
import { readBrought, readHeldTarget, type HeldTarget, type JobContext } from '@orchestra/runtime';
import type { Facts, Request } from './decide.ts';
import { createLastWords, type LastWords } from './last-words.ts';
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
  /** Of the release that is asked about. */
  lastWords: LastWords;
}

export async function gatherWork(asked: Asked, context: Context, ports: Ports): Promise<Work> {
  const { environment, service } = asked;
  const name = { repository: context.run.repository, environment, service };
  const held = await readHeldTarget(context, name);
  const key = worldKey(held.target);
  const lastWords = createLastWords(ports, { target: key, release: asked.release });
  return { context, ports, asked, name, key, held, lastWords };
}

export async function gatherFacts(work: Work): Promise<Facts> {
  const { asked, held, context } = work;
  const { target } = held;
  const before = await findGoodBefore(work);
  const wanted = asked.by.kind === 'person' && asked.by.to !== null ? findRelease(target, asked.by.to) : before;
  return {
    now: context.now.getTime(),
    current: target.current,
    unfinished: target.lane?.release ?? null,
    seizure: target.seizure,
    blocked: target.blocked !== null,
    fixUnderWay: isFixUnderWay(target, asked.release),
    restoredAt: restoredAt(target, asked.release),
    closedWayBack: await findClosed(work, before),
    hasEarlier: hasEarlier(target, asked.release),
    healthyBefore: before?.release ?? null,
    restorable: wanted !== null && (await isRestorable(work, wanted)),
    automatic: target.rollbacks
      .filter(({ from, byPerson }) => !byPerson && findRelease(target, from) !== null)
      .map(({ from, at }) => ({ from, at: new Date(at).getTime() })),
  };
}

// Beside an unfinished rollout what serves is what it goes back to. Else a version that was taken back before, also under
// the name of another release, is no way out, nor is the one that is bad now.
async function findGoodBefore({ asked, held, context }: Work): Promise<ReleaseRecord | null> {
  const { target } = held;
  const leaving = findRelease(target, asked.release);
  if (leaving === null) return healthyBefore(target, asked.release);
  const quarantined = await context.store.readQuarantine(context.run.repository);
  const barred = new Set([leaving.version, ...quarantined.map(({ key }) => key)]);
  return healthyBefore(target, asked.release, ({ version }) => !barred.has(version));
}

// Over all that came since what would serve again: pushes that gave way before they were released came with the next one.
async function findClosed({ context }: Work, before: ReleaseRecord | null): Promise<ClosedWayBack | null> {
  const { rollback } = await context.plan();
  const wayBack = judgeWayBack(rollback, await readBrought(context, before?.sequence ?? null));
  return wayBack.kind === 'closed' ? wayBack.reason : null;
}

// A rollout that is on its way out fixes nothing, and an older one would not bring anything newer.
function isFixUnderWay({ lane, current, history }: Target, release: string): boolean {
  if (lane === null || current !== release || !['taken', 'stepping', 'judging'].includes(lane.state)) return false;
  const serving = history.find((record) => record.release === current);
  return lane.byPerson || serving === undefined || compareAge(lane, serving) > 0;
}

function restoredAt({ rollbacks }: Target, release: string): number | null {
  const last = rollbacks.findLast(({ to }) => to === release);
  return last === undefined ? null : new Date(last.at).getTime();
}

function hasEarlier({ history }: Target, release: string): boolean {
  const at = history.findIndex((record) => record.release === release);
  return at === -1 ? history.length > 0 : at > 0;
}

// What runs can be given traffic; what does not has to be started from its artifact.
async function isRestorable({ context, ports, key }: Work, { release, manifest }: ReleaseRecord): Promise<boolean> {
  const world = await ports.releases.look(key, context.signal);
  const runs = world?.releases.some((one) => one.release === release && one.ready > 0) === true;
  // Whether a registry still has an image shows when the cluster pulls it.
  return runs || manifest.container !== undefined || (await context.artifacts.has(manifest.artifactDigest));
}
