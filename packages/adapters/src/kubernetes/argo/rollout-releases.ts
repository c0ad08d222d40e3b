import { OrchestraError } from '@orchestra/runtime';
import { demandContainer } from '../bring-up.ts';
import type { ClusterOptions, Connect } from '../connect-cluster.ts';
import { demandPlace } from '../demand-place.ts';
import type { ClusterMove, KubernetesReleases } from '../kubernetes-releases.ts';
import { failureOf } from '../failure-of.ts';
import { loadOwn } from '../inputs/load-own.ts';
import { bringOthers, gatherPreparing, prepareReleases, type Releasing } from '../prepare-release.ts';
import { deniedBy } from '../read-refusal.ts';
import { readOutput } from '../read-output.ts';
import { annotations, labels, nameTarget } from '../target-names.ts';
import type { ClusterView } from '../view.ts';
import type { Preparing } from '../workload.ts';
import { awaitRollout } from './await-rollout.ts';
import { judgeRollout, shareOf } from './judge-rollout.ts';
import { underRolloutEpoch, writeRelease, type RolloutMove } from './move-rollout.ts';
import { epochOf, findRollout, type FoundRollout, type RolloutNames } from './read-rollout.ts';
import { moveOf, rolloutWorkload } from './rollout-workload.ts';

interface Place {
  options: ClusterOptions;
  connect: Connect;
  namespace: string;
  rollout: string;
}

/**
 * Releases of a target that is an Argo Rollout: its image is set, or all of it where it stands in the user's files, and what
 * comes of it is read from its status. Its own steps, analyses and pauses hold. The epoch of a move stands on the Rollout.
 */
export function releasesOfRollout(place: Place): KubernetesReleases {
  const { options, namespace, rollout } = place;
  const workload = rolloutWorkload(rollout);
  return {
    ...lookAtRollout(place),
    ...prepareReleases(place, workload),
    async claim(move, signal) {
      const acting = await act(place, move, signal);
      return viewOf(await underRolloutEpoch(acting, async (found) => found), acting.names);
    },
    async bringUp({ startable, ...move }, signal) {
      demandPlace(options, namespace, workload.kinds);
      const preparing = await gatherPreparing(place, { ...move, startable, signal });
      return bring({ preparing, rollout, isWayBack: false });
    },
    async share({ weights, ...move }, signal) {
      const acting = await act(place, move, signal);
      const found = await underRolloutEpoch(acting, async (read) => read);
      demandServing(found, weights);
      return viewOf(found, acting.names);
    },
    // Its controller ends what does not serve.
    retire: async () => {},
    // What of the files cannot be done is said, but stands in nobody's way.
    async giveBack({ to, ...move }, signal) {
      demandPlace(options, namespace, workload.kinds);
      const { preparing, unread } = await gatherReturn(place, { ...move, startable: to, signal });
      const failure = await failureOf(async () => bringOthers(preparing, workload, { force: true }));
      const view = await bring({ preparing, rollout, isWayBack: true });
      const left = unread ?? failure;
      if (left !== null) throw left;
      return view;
    },
  };
}

function lookAtRollout(place: Place): Pick<KubernetesReleases, 'notes' | 'tend' | 'demandSandbox' | 'look' | 'output'> {
  const { options, connect, namespace } = place;
  return {
    notes: async () => [],
    tend: async () => {},
    async demandSandbox(signal) {
      demandPlace(options, namespace, ['Rollout']);
      const { core } = await connect(signal);
      await denied(async () => core.readNamespace({ name: namespace }));
    },
    async look(target, signal) {
      const names = namesOf(place, target);
      const apis = await connect(signal);
      const found = await denied(async () => findRollout(apis, names));
      const isOurs = found?.metadata.annotations[annotations.target] !== undefined;
      return found === null || !isOurs ? null : viewOf(found, names);
    },
    async output({ target, release }, signal) {
      return readOutput({ connect, names: namesOf(place, target), release, signal });
    },
  };
}

async function act(place: Place, move: ClusterMove, signal?: AbortSignal): Promise<RolloutMove> {
  demandPlace(place.options, place.namespace, ['Rollout']);
  return { apis: await place.connect(signal), names: namesOf(place, move.target), epoch: move.epoch, signal };
}

function namesOf({ namespace, rollout }: Place, target: string): RolloutNames {
  return { ...nameTarget(target, namespace), rollout };
}

// Where the files of a release cannot be had any more its image goes back all the same: nothing else takes the traffic.
async function gatherReturn(
  place: Place,
  { startable, ...move }: Releasing,
): Promise<{ preparing: Preparing; unread: OrchestraError | null }> {
  const bare = await gatherPreparing(place, { ...move, startable: { ...startable, openStored: undefined } });
  let { own } = bare;
  const { kinds } = place.options;
  const unread = await failureOf(async () => {
    own = await loadOwn({ kinds, names: bare.names, startable });
  });
  return { preparing: { ...bare, startable, own }, unread };
}

interface Bringing {
  preparing: Preparing;
  rollout: string;
  isWayBack: boolean;
}

async function bring({ preparing, rollout, isWayBack }: Bringing): Promise<ClusterView> {
  const { connect, startable, own } = preparing;
  const { release, readyTimeoutMs: timeoutMs } = startable;
  const container = demandContainer(startable);
  const acting = moveOf(preparing, rollout);
  const wanted = { release, container, template: own.template, force: isWayBack };
  await underRolloutEpoch(acting, async (found) => writeRelease(acting, found, wanted));
  await awaitRollout({ move: acting, connect, release, image: container.image, timeoutMs, isWayBack });
  return viewOf(await underRolloutEpoch(acting, async (found) => found), acting.names);
}

function demandServing(found: FoundRollout, weights: Readonly<Record<string, number>>): void {
  const asked = Object.keys(weights).filter((release) => (weights[release] ?? 0) > 0);
  const { kind, message } = judgeRollout(found);
  const release = found.metadata.labels[labels.release];
  if (kind === 'healthy' && asked.length === 1 && asked[0] === release) return;
  const has = `The Rollout ${found.metadata.name} ${message} with ${release ?? 'no release of ours'}`;
  throw new OrchestraError('RELEASE_NOT_READY', `${has}; it shares its traffic by its own steps`);
}

function viewOf(found: FoundRollout, names: RolloutNames): ClusterView {
  const { metadata, spec, status } = found;
  const release = metadata.labels[labels.release];
  const former = metadata.annotations[annotations.former];
  const weight = shareOf(found);
  const ready = weight === 100 ? status.availableReplicas : Math.min(status.updatedReplicas, status.availableReplicas);
  const wanted = spec.replicas;
  return {
    epoch: epochOf(found),
    url: `http://${names.service}.${names.namespace}.svc`,
    releases: [
      ...(release === undefined ? [] : [{ release, ready, wanted, weight }]),
      ...(former === undefined
        ? []
        : [{ release: former, ready: status.availableReplicas - ready, wanted: 0, weight: 100 - weight }]),
    ],
  };
}

async function denied<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw deniedBy(error);
  }
}
