import type { V1Pod } from '@kubernetes/client-node';
import { connectCluster, type Apis, type ClusterOptions, type Connect } from '../connect-cluster.ts';
import { demandPlace } from '../demand-place.ts';
import { listPods } from '../explain-pods.ts';
import { deniedBy } from '../read-refusal.ts';
import { labels, nameTarget, selectorOf } from '../target-names.ts';
import { readPages } from './read-pages.ts';
import { readNewLines } from './read-new-lines.ts';
import { viewPods, type PodView } from './view-pods.ts';

/** Where the pods of a target are. */
export interface PodsPlace {
  /** `repository/environment/service` */
  target: string;
  namespace: string;
}

/** The pods of all releases of a target. */
export interface TargetPods {
  /** How many pods a release should have, by release; one that is not named has no Deployment. */
  wanted: Readonly<Record<string, number>>;
  pods: readonly PodView[];
}

/**
 * Looks at the pods of releases, and changes nothing. All calls throw `TARGET_UNREACHABLE`, retriable, when the API does not
 * answer in time, and `TARGET_DENIED`, not retriable, when it refuses or the namespace is not allowed.
 */
export interface ClusterPods {
  look(place: PodsPlace, signal?: AbortSignal): Promise<TargetPods>;
  /** The last lines that a pod printed, at most 2000 bytes; of one that was restarted, before that. Empty: none can be read. */
  lastLines(of: { namespace: string; pod: PodView }, signal?: AbortSignal): Promise<string>;
  /**
   * The lines that the pods of a release printed from one moment up to another, by the clock of their nodes; of at most ten
   * pods, and of each at most 256 KiB.
   */
  lines(asked: PodsPlace & { release: string; from: Date; to: Date }, signal?: AbortSignal): Promise<readonly string[]>;
  /**
   * Pages of the pods of a release that are ready, of at most ten, through the API server: a list for each pod, with a page for each
   * path. Null: the pod did not answer below 400, not within 3 s, or with more than 4 MiB. No redirect is followed.
   */
  pages(
    asked: PodsPlace & { release: string; paths: readonly string[] },
    signal?: AbortSignal,
  ): Promise<(string | null)[][]>;
}

// A watch looks again soon: what does not answer by then is no data.
const brief = { requestMs: 3_000, deadlineMs: 3_000 };

export function createClusterPods(options: ClusterOptions): ClusterPods {
  const connect = connectCluster(options);

  async function withPods<T>(
    { target, namespace, release }: PodsPlace & { release: string },
    signal: AbortSignal | undefined,
    work: (apis: Apis, pods: readonly V1Pod[]) => Promise<T>,
  ): Promise<T> {
    demandPlace(options, namespace);
    const apis = await connect(signal, brief);
    try {
      return await work(apis, await listPods(apis, nameTarget(target, namespace), release));
    } catch (error) {
      throw deniedBy(error);
    }
  }

  return {
    async look({ target, namespace }, signal) {
      demandPlace(options, namespace);
      try {
        return await lookAt(connect, { target, namespace }, signal);
      } catch (error) {
        throw deniedBy(error);
      }
    },
    async lastLines({ namespace, pod }, signal) {
      const { core } = await connect(signal, brief);
      const named = { name: pod.name, namespace, ...(pod.container === null ? {} : { container: pod.container }) };
      const asked = { ...named, tailLines: 5, limitBytes: 2_000, previous: pod.restarts > 0 };
      return core.readNamespacedPodLog(asked).catch(() => '');
    },
    async lines({ from, to, ...of }, signal) {
      return withPods(of, signal, async (apis, pods) => readNewLines(apis, { pods, from, to }));
    },
    async pages({ paths, ...of }, signal) {
      return withPods(of, signal, async ({ page }, pods) => readPages({ pods, paths, ask: page }));
    },
  };
}

async function lookAt(connect: Connect, { target, namespace }: PodsPlace, signal?: AbortSignal): Promise<TargetPods> {
  const { apps, core } = await connect(signal, brief);
  const selected = { namespace, labelSelector: selectorOf(nameTarget(target, namespace)) };
  const [deployments, pods] = await Promise.all([
    apps.listNamespacedDeployment(selected),
    core.listNamespacedPod(selected),
  ]);
  const wanted = deployments.items.map(({ metadata, spec }): [string, number] => [
    metadata?.labels?.[labels.release] ?? '',
    spec?.replicas ?? 1,
  ]);
  return { wanted: Object.fromEntries(wanted), pods: viewPods(pods.items) };
}
