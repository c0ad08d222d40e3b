import { OrchestraError } from '@orchestra/runtime';
import { demandContainer } from '../bring-up.ts';
import type { ClusterOptions, Connect } from '../connect-cluster.ts';
import { demandPlace } from '../demand-place.ts';
import type { ClusterMove, KubernetesReleases } from '../kubernetes-releases.ts';
import { deniedBy } from '../read-refusal.ts';
import { readOutput } from '../read-output.ts';
import { annotations, labels, nameTarget } from '../target-names.ts';
import type { ClusterStartable } from '../target-objects.ts';
import type { ClusterView } from '../view.ts';
import { awaitRollout } from './await-rollout.ts';
import { judgeRollout, shareOf } from './judge-rollout.ts';
import { absent, imageIn, setImage, underRolloutEpoch, type RolloutMove } from './move-rollout.ts';
import { epochOf, findRollout, type FoundRollout, type RolloutNames } from './read-rollout.ts';

interface Place {
  options: ClusterOptions;
  connect: Connect;
  namespace: string;
  rollout: string;
}

/**
 * Releases of a target that is an Argo Rollout: its image is set, and what comes of it is read from its status. Its own
 * steps, analyses and pauses hold. The epoch of a move stands on the Rollout.
 */
export function releasesOfRollout(place: Place): KubernetesReleases {
  const { options, connect, namespace } = place;
  return {
    ...lookAtRollout(place),
    async claim(move, signal) {
      const acting = await act(place, move, signal);
      return viewOf(await underRolloutEpoch(acting, async (found) => found), acting.names);
    },
    async bringUp({ startable, ...move }, signal) {
      return bring({ acting: await act(place, move, signal), connect, startable, isWayBack: false });
    },
    async share({ weights, ...move }, signal) {
      const acting = await act(place, move, signal);
      const found = await underRolloutEpoch(acting, async (rollout) => rollout);
      demandServing(found, weights);
      return viewOf(found, acting.names);
    },
    // Its controller ends what does not serve.
    retire: async () => {},
    async giveBack({ to, ...move }, signal) {
      return bring({ acting: await act(place, move, signal), connect, startable: to, isWayBack: true });
    },
    prepare: async () => {
      throw new OrchestraError('TARGET_DENIED', 'An Argo Rollout gets an image and no files');
    },
    runHook: async () => {
      throw new OrchestraError('TARGET_DENIED', 'An Argo Rollout has steps of its own and no hooks');
    },
    async rehearse({ target, startable }, signal) {
      demandPlace(options, namespace, ['Rollout']);
      const names = namesOf(place, target);
      const { image } = demandContainer(startable);
      try {
        const found = await findRollout(await connect(signal), names);
        if (found === null) throw absent(names);
        imageIn(found, image);
        return [];
      } catch (error) {
        throw refused(deniedBy(error));
      }
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

interface Bringing {
  acting: RolloutMove;
  connect: Connect;
  startable: ClusterStartable;
  isWayBack: boolean;
}

async function bring({ acting, connect, startable, isWayBack }: Bringing): Promise<ClusterView> {
  const { release, readyTimeoutMs: timeoutMs } = startable;
  const container = demandContainer(startable);
  await underRolloutEpoch(acting, async (found) => setImage(acting, found, { release, container }));
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

function refused(error: unknown): unknown {
  if (!(error instanceof OrchestraError) || error.retriable) return error;
  const message = `The cluster would refuse this release, so nothing was changed: ${error.message}`;
  return new OrchestraError('INPUTS_REFUSED', message, { cause: error });
}

async function denied<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw deniedBy(error);
  }
}
