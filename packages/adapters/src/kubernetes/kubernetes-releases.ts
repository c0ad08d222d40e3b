import { releasesOfRollout } from './argo/rollout-releases.ts';
import { bringUp } from './bring-up.ts';
import { connectCluster, type ClusterOptions, type Connect } from './connect-cluster.ts';
import { deploymentWorkload } from './deployment-workload.ts';
import { failureOf } from './failure-of.ts';
import { giveAll, shareTraffic, type Acting } from './share-traffic.ts';
import { demandPlace } from './demand-place.ts';
import { loadOwn } from './inputs/load-own.ts';
import { bringOthers, prepareReleases, type ReleasePreparation } from './prepare-release.ts';
import { deniedBy } from './read-refusal.ts';
import { readOutput } from './read-output.ts';
import { retire } from './retire.ts';
import { gather, underEpoch } from './target-access.ts';
import { nameTarget } from './target-names.ts';
import type { ClusterStartable } from './target-objects.ts';
import { onlyServing, readyOf, releaseOf, viewOf, type ClusterView, type Gathered } from './view.ts';

/** A move's right to write to a target: the world refuses an older epoch than it has seen. */
export interface ClusterMove {
  target: string;
  epoch: number;
}

/**
 * What deploy and rollback do with releases in one namespace of a cluster: a Deployment for each release, a Service for each
 * target. All effects look first, may be repeated, and carry an epoch: `TARGET_REFUSED`, not retriable, answers an older one.
 * All calls throw `TARGET_UNREACHABLE`, retriable, when the API does not answer in time, and `TARGET_DENIED`, not retriable,
 * when it refuses.
 */
export interface KubernetesReleases extends ReleasePreparation {
  /** Nothing: pods have walls of their own. */
  notes(signal?: AbortSignal): Promise<readonly string[]>;
  /** @throws OrchestraError `TARGET_DENIED` when the namespace is not allowed or not there, or a kind is not allowed */
  demandSandbox(signal?: AbortSignal): Promise<void>;
  /** What is in the world now; null: nothing was ever deployed there. */
  look(target: string, signal?: AbortSignal): Promise<ClusterView | null>;
  /** Writes the epoch alone, to the Service and to each Deployment. */
  claim(move: ClusterMove & { port: number }, signal?: AbortSignal): Promise<ClusterView>;
  /** Makes true that a release has so many ready pods; while it shares the traffic, as many as its share takes. @throws OrchestraError `RELEASE_NOT_READY`, not retriable */
  bringUp(move: ClusterMove & { startable: ClusterStartable }, signal?: AbortSignal): Promise<ClusterView>;
  /**
   * Shares of the traffic by release. All to one is exact (the Service selects it); two share it by the weights of a
   * route, or by the ratio of their pods, as near as that comes.
   *
   * @throws OrchestraError `RELEASE_NOT_READY`, also for more than two and for a route that no gateway serves
   */
  share(move: ClusterMove & { weights: Readonly<Record<string, number>> }, signal?: AbortSignal): Promise<ClusterView>;
  /** Removes Deployments. @throws OrchestraError `RELEASE_NOT_READY` for one that has traffic */
  retire(move: ClusterMove & { releases: readonly string[] }, signal?: AbortSignal): Promise<void>;
  /** All traffic back to a release: at once to what is ready of it, then all of it, verified. @throws OrchestraError `RELEASE_NOT_READY` */
  giveBack(move: ClusterMove & { to: ClusterStartable }, signal?: AbortSignal): Promise<ClusterView>;
  /** What the pods of a release printed last, all together, at most 64 KiB. Empty: nothing, or nothing that can be read. */
  output(of: { target: string; release: string }, signal?: AbortSignal): Promise<string>;
  /** Nothing: the cluster keeps pods alive. */
  tend(): Promise<void>;
}

/** Makes the releases of a namespace, or of one Argo Rollout in it; connections are shared by all. */
export type InNamespace = (namespace: string, rollout?: string | null) => KubernetesReleases;

export function createKubernetesReleases(options: ClusterOptions): InNamespace {
  const connect = connectCluster(options);
  return (namespace, rollout = null) => {
    const place = { options, connect, namespace };
    if (rollout === null) return inNamespace(place);
    return releasesOfRollout({ ...place, rollout });
  };
}

interface Place {
  options: ClusterOptions;
  connect: Connect;
  namespace: string;
}

function inNamespace(place: Place): KubernetesReleases {
  return {
    ...lookAt(place),
    ...prepareReleases(place, deploymentWorkload),
    async claim({ port, ...move }, signal) {
      return seen({ ...(await act(place, move, signal)), port });
    },
    async bringUp({ startable, ...move }, signal) {
      const acting = { ...(await act(place, move, signal)), port: startable.port };
      const own = await loadOwn({ kinds: place.options.kinds, names: acting.names, startable });
      await bringUp(acting, { startable, own, force: false });
      return seen(acting);
    },
    async share({ weights, ...move }, signal) {
      const acting = await act(place, move, signal);
      await shareTraffic(acting, weights);
      return seen(acting);
    },
    async retire({ releases, ...move }, signal) {
      await retire(await act(place, move, signal), releases);
    },
    async giveBack({ to, ...move }, signal) {
      const acting = { ...(await act(place, move, signal)), port: to.port };
      await giveBack(acting, to, place.options.kinds);
      return seen(acting);
    },
  };
}

// Traffic first. What the files of the release hold beside its pods comes before these, and its ports after the traffic; what
// of that cannot be done is said, but stands in nobody's way.
async function giveBack(acting: Acting, to: ClusterStartable, kinds: readonly string[]): Promise<void> {
  const first = findReady(await underEpoch(acting, async (gathered) => gathered), to.release);
  if (first !== null) await giveAll(acting, first);
  const own = await loadOwn({ kinds, names: acting.names, startable: to });
  const preparing = { ...acting, startable: to, own };
  const failure = await failureOf(async () => bringOthers(preparing, deploymentWorkload, { force: true }));
  await bringUp(acting, { startable: to, own, force: true });
  await giveAll(acting, to.release);
  await deploymentWorkload.bringPorts(preparing);
  if (failure !== null) throw failure;
}

function lookAt({
  options,
  connect,
  namespace,
}: Place): Pick<KubernetesReleases, 'notes' | 'tend' | 'demandSandbox' | 'look' | 'output'> {
  return {
    notes: async () => [],
    tend: async () => {},
    async demandSandbox(signal) {
      demandPlace(options, namespace);
      const { core } = await connect(signal);
      await denied(async () => core.readNamespace({ name: namespace }));
    },
    async output({ target, release }, signal) {
      return readOutput({ connect, names: nameTarget(target, namespace), release, signal });
    },
    async look(target, signal) {
      const names = nameTarget(target, namespace);
      const apis = await connect(signal);
      const found = await denied(async () => gather(apis, names));
      return found === null ? null : viewOf(found, names);
    },
  };
}

async function act({ options, connect, namespace }: Place, move: ClusterMove, signal?: AbortSignal): Promise<Acting> {
  demandPlace(options, namespace);
  const names = nameTarget(move.target, namespace);
  return { connect, names, epoch: move.epoch, apis: await connect(signal), port: null, signal };
}

async function seen(acting: Acting): Promise<ClusterView> {
  return viewOf(await underEpoch(acting, async (gathered) => gathered), acting.names);
}

// What is ready of the release itself. Where nothing is, and two share the traffic, one of them has to take it all first:
// a third could not come up beside them without getting a part.
function findReady({ service, deployments }: Gathered, release: string): string | null {
  const ready = deployments.filter((one) => readyOf(one) > 0);
  if (ready.some((one) => releaseOf(one) === release)) return release;
  if (onlyServing(service) !== null) return null;
  const [most] = ready.toSorted((left, right) => readyOf(right) - readyOf(left));
  return most === undefined ? null : releaseOf(most);
}

async function denied<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw deniedBy(error);
  }
}
