import { OrchestraError } from '@orchestra/runtime';
import type { Apis } from '../connect-cluster.ts';
import { applyHeld } from '../inputs/apply-others.ts';
import type { ClusterObject } from '../inputs/cluster-object.ts';
import { repositoryOf } from '../inputs/pin-images.ts';
import { retryConflicts } from '../retry-conflicts.ts';
import { annotations, labels, labelValue } from '../target-names.ts';
import type { ClusterContainer } from '../target-objects.ts';
import { fillRollout } from './fill-rollout.ts';
import {
  epochOf,
  findRollout,
  parseRollout,
  rolloutController,
  rolloutNamed,
  type FoundRollout,
  type RolloutContainer,
  type RolloutNames,
} from './read-rollout.ts';

/** A move of a target that is an Argo Rollout. */
export interface RolloutMove {
  apis: Apis;
  names: RolloutNames;
  epoch: number;
  signal?: AbortSignal | undefined;
  /** What is made where there is no Rollout yet; absent: it has to be there. */
  made?: ClusterObject | undefined;
}

/**
 * Does `work` on a Rollout under the epoch of a move, which is written to it first; each write is held to what was read.
 *
 * @throws OrchestraError `TARGET_REFUSED`, not retriable, where a higher epoch is there; `TARGET_DENIED` where there is none,
 *   and none is to be made
 */
export async function underRolloutEpoch<T>(move: RolloutMove, work: (rollout: FoundRollout) => Promise<T>): Promise<T> {
  return retryConflicts(move.names, move.signal, async () => {
    const found = (await findRollout(move.apis, move.names)) ?? (await makeRollout(move));
    refuseOlder(found, move.epoch);
    const { target, id } = move.names;
    const marks = { [annotations.target]: target, [annotations.epoch]: String(move.epoch) };
    if (epochOf(found) === move.epoch) return work(found);
    return work(await mergeRollout(move, found, { metadata: { labels: { [labels.target]: id }, annotations: marks } }));
  });
}

async function makeRollout({ apis, names, made }: RolloutMove): Promise<FoundRollout> {
  if (made === undefined) throw absent(names);
  await applyHeld(apis, { marked: made, found: null, force: false });
  const found = await findRollout(apis, names);
  if (found === null) throw absent(names);
  return found;
}

export function absent({ rollout, namespace }: RolloutNames): OrchestraError {
  return new OrchestraError('TARGET_DENIED', `There is no Rollout ${rollout} in ${namespace}`);
}

export function refuseOlder(found: FoundRollout, epoch: number): void {
  const there = epochOf(found);
  if (there <= epoch) return;
  throw new OrchestraError('TARGET_REFUSED', `The world has seen epoch ${there}, this move is ${epoch}`);
}

async function mergeRollout(
  { apis, names }: RolloutMove,
  { metadata: { resourceVersion } }: FoundRollout,
  { metadata, ...part }: { metadata: object; spec?: object },
): Promise<FoundRollout> {
  const held = { ...part, metadata: { ...metadata, resourceVersion } };
  return parseRollout(await apis.objects.merge(rolloutNamed(names), held));
}

/** A release that a Rollout is to become. `force`: also what others manage. */
export interface RolloutRelease {
  release: string;
  container: ClusterContainer;
  /** The Rollout of the user's files; null: it is somebody else's, and gets an image. */
  template: ClusterObject | null;
  force: boolean;
}

/** Makes a Rollout a release: all of it where it stands in the files, else its image. */
export async function writeRelease(move: RolloutMove, found: FoundRollout, wanted: RolloutRelease): Promise<void> {
  const { release, container, template, force } = wanted;
  if (template === null) return setImage(move, found, wanted);
  const { names, epoch } = move;
  const former = formerOf(found, release);
  const marked = fillRollout({ template, names, release, container, epoch, former });
  return applyHeld(move.apis, { marked, found: found.metadata, force, defaults: rolloutController });
}

// It stays when the same release is written again.
function formerOf({ metadata }: FoundRollout, release: string): string | undefined {
  const before = metadata.labels[labels.release];
  return before === undefined || before === release ? metadata.annotations[annotations.former] : before;
}

/** Sets the image of a release, and says so in labels. What is as asked already stays as it is. */
async function setImage(move: RolloutMove, found: FoundRollout, { release, container }: RolloutRelease): Promise<void> {
  const { id } = move.names;
  const before = found.metadata.labels[labels.release];
  const named = imageIn(found, container.image);
  if (before === release && named.image === container.image) return;
  const { containers } = found.spec.template.spec;
  const own = {
    [labels.release]: release,
    [labels.run]: labelValue(container.runId),
    [labels.commit]: labelValue(container.commit),
  };
  const former = before === undefined || before === release ? {} : { [annotations.former]: before };
  await mergeRollout(move, found, {
    metadata: { labels: own, annotations: former },
    spec: {
      template: {
        metadata: { labels: { [labels.target]: id, [labels.release]: release } },
        spec: { containers: containers.map((one) => (one === named ? { ...one, image: container.image } : one)) },
      },
    },
  });
}

/**
 * The container that runs what the build makes: by the name of its image, else the only one.
 *
 * @throws OrchestraError `TARGET_DENIED`, not retriable
 */
export function imageIn({ metadata, spec }: FoundRollout, image: string): RolloutContainer {
  if (spec.workloadRef !== undefined) {
    const message = `The Rollout ${metadata.name} takes its pods from a workloadRef: give it a template of its own`;
    throw new OrchestraError('TARGET_DENIED', message);
  }
  const { containers } = spec.template.spec;
  const [only, ...more] = containers;
  const named = containers.find((one) => repositoryOf(one.image) === repositoryOf(image));
  const found = named ?? (more.length === 0 ? only : undefined);
  if (found !== undefined) return found;
  const message = `No container of the Rollout ${metadata.name} runs ${repositoryOf(image)}: there are ${containers.map((one) => one.image).join(', ')}`;
  throw new OrchestraError('TARGET_DENIED', message);
}
