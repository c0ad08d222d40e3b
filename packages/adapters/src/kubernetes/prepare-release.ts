import type { ClusterOptions, Connect } from './connect-cluster.ts';
import { demandContainer } from './bring-up.ts';
import { demandPlace } from './demand-place.ts';
import { describeRelease } from './describe-release.ts';
import { describeHook, type Hook } from './hooks/describe-hook.ts';
import { awaitHook, startHook } from './hooks/run-hook.ts';
import { applyOthers } from './inputs/apply-others.ts';
import { bringFront, refuseLostPorts } from './inputs/bring-front.ts';
import { loadOwn } from './inputs/load-own.ts';
import { findLeftBehind, rehearse } from './inputs/rehearse.ts';
import type { OwnObjects } from './inputs/own-objects.ts';
import { deniedBy } from './read-refusal.ts';
import type { Acting } from './share-traffic.ts';
import { underEpoch } from './target-access.ts';
import { nameTarget } from './target-names.ts';
import type { ClusterStartable } from './target-objects.ts';

/** What a release brings to a namespace beside its pods. Errors are those of `KubernetesReleases`. */
export interface ReleasePreparation {
  /**
   * Tries everything that a release brings, without changing anything.
   *
   * @param of `before`: what serves now, by the files that it came with; null: nothing
   * @returns the objects that came with `before`, come with this one no more, and stay
   * @throws OrchestraError `INPUTS_REFUSED`, not retriable, with everything that stands in the way
   */
  rehearse(
    of: { target: string; startable: ClusterStartable; before: ClusterStartable | null },
    signal?: AbortSignal,
  ): Promise<readonly string[]>;
  /** Applies what the user's files hold beside the Deployment, before the pods of a release are started. */
  prepare(move: PreparingMove, signal?: AbortSignal): Promise<void>;
  /**
   * Makes true that a hook has run. `epoch` null: it belongs to no move.
   *
   * @throws OrchestraError `HOOK_FAILED`, not retriable
   */
  runHook(
    move: { target: string; epoch: number | null; startable: ClusterStartable; hook: Hook },
    signal?: AbortSignal,
  ): Promise<void>;
}

interface PreparingMove {
  target: string;
  epoch: number;
  startable: ClusterStartable;
}

interface Place {
  options: ClusterOptions;
  connect: Connect;
  namespace: string;
}

export function prepareReleases({ options, connect, namespace }: Place): ReleasePreparation {
  const { kinds } = options;

  return {
    async rehearse({ target, startable, before }, signal) {
      demandPlace(options, namespace);
      const names = nameTarget(target, namespace);
      const own = await loadOwn({ kinds, names, startable });
      const container = demandContainer(startable);
      if (container.route !== undefined) demandPlace(options, namespace, ['HTTPRoute']);
      await rehearse(await connect(signal), { names, startable, container, own });
      return before === null ? [] : findLeftBehind(await loadOwn({ kinds, names, startable: before }), own);
    },
    async prepare({ target, epoch, startable }, signal) {
      demandPlace(options, namespace);
      const names = nameTarget(target, namespace);
      const own = await loadOwn({ kinds, names, startable });
      const acting = { connect, names, epoch, apis: await connect(signal), port: startable.port, signal };
      await bringOthers(acting, startable, { own, force: false });
      await bringPorts(acting, startable, own);
    },
    async runHook({ target, epoch, startable, hook }, signal) {
      demandPlace(options, namespace, ['Job']);
      const names = nameTarget(target, namespace);
      const own = await loadOwn({ kinds, names, startable });
      const container = demandContainer(startable);
      const { release, replicas } = startable;
      const deployment = describeRelease({ names, startable, container, epoch: epoch ?? 0, replicas }, own);
      const job = describeHook({ names, hook, deployment, release, container });
      const apis = await connect(signal);
      const start = async (): Promise<void> => startHook(apis, job);
      if (epoch === null) await denied(start);
      else await underEpoch({ apis, names, epoch, port: null, signal }, start);
      await awaitHook({ connect, hook, job, signal });
    },
  };
}

/** Applies the objects beside the Deployment and the Service of a target. */
export async function bringOthers(
  acting: Acting,
  startable: ClusterStartable,
  { own, force }: { own: OwnObjects; force: boolean },
): Promise<void> {
  const { apis, names, epoch } = acting;
  const { release } = startable;
  const container = demandContainer(startable);
  await underEpoch(acting, async () => applyOthers(apis, own.others, { names, release, container, epoch, force }));
}

/** Gives the Service of a target the ports that a release brings, unless what serves would lose its traffic by that. */
export async function bringPorts(acting: Acting, { port }: ClusterStartable, { front }: OwnObjects): Promise<void> {
  const { apis, names } = acting;
  await underEpoch(acting, async (gathered) => {
    refuseLostPorts(front, gathered);
    await bringFront({ apis, names, gathered, front, port });
  });
}

async function denied<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw deniedBy(error);
  }
}
