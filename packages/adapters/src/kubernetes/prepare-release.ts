import type { ClusterOptions, Connect } from './connect-cluster.ts';
import { demandContainer } from './bring-up.ts';
import { demandPlace } from './demand-place.ts';
import { describeHook, type Hook } from './hooks/describe-hook.ts';
import { awaitHook, startHook } from './hooks/run-hook.ts';
import { applyOthers } from './inputs/apply-others.ts';
import { loadOwn } from './inputs/load-own.ts';
import { findLeftBehind, rehearse } from './inputs/rehearse.ts';
import { deniedBy } from './read-refusal.ts';
import { nameTarget } from './target-names.ts';
import type { ClusterStartable } from './target-objects.ts';
import type { Preparing, Workload } from './workload.ts';

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
  /** Applies what the user's files hold beside the Deployment or the Rollout, before the pods of a release are started. */
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

/** A release that is brought by a move. */
export interface Releasing {
  target: string;
  startable: ClusterStartable;
  /** Null: it belongs to no move. */
  epoch: number | null;
  signal?: AbortSignal | undefined;
}

export function prepareReleases(place: Place, workload: Workload): ReleasePreparation {
  const { options, namespace } = place;

  return {
    async rehearse({ target, startable, before }, signal) {
      demandPlace(options, namespace, workload.kinds);
      const { apis, names, own } = await gatherPreparing(place, { target, startable, epoch: null, signal });
      const container = demandContainer(startable);
      if (container.route !== undefined) demandPlace(options, namespace, ['HTTPRoute']);
      await rehearse(apis, { names, startable, container, own, tryOwn: workload.tryOwn });
      if (before === null) return [];
      return findLeftBehind(await loadOwn({ kinds: options.kinds, names, startable: before }), own);
    },
    async prepare(move, signal) {
      demandPlace(options, namespace, workload.kinds);
      const preparing = await gatherPreparing(place, { ...move, signal });
      await bringOthers(preparing, workload, { force: false });
      await workload.bringPorts(preparing);
    },
    async runHook({ hook, ...move }, signal) {
      demandPlace(options, namespace, ['Job']);
      const { connect } = place;
      const preparing = await gatherPreparing(place, { ...move, signal });
      const { apis, names, startable } = preparing;
      const container = demandContainer(startable);
      const described = await denied(async () => workload.describe(preparing));
      const job = describeHook({ names, hook, workload: described, release: startable.release, container });
      const start = async (): Promise<void> => startHook(apis, job);
      if (move.epoch === null) await denied(start);
      else await workload.underEpoch(preparing, start);
      await awaitHook({ connect, hook, job, signal });
    },
  };
}

/** What is brought for a release, with what the user's files hold for it. */
export async function gatherPreparing(
  { options: { kinds }, connect, namespace }: Place,
  { target, startable, epoch, signal }: Releasing,
): Promise<Preparing> {
  const names = nameTarget(target, namespace);
  const own = await loadOwn({ kinds, names, startable });
  const apis = await connect(signal);
  return { connect, apis, names, startable, own, epoch: epoch ?? 0, port: startable.port, signal };
}

/** Applies the objects beside the workload of a target. */
export async function bringOthers(
  preparing: Preparing,
  workload: Workload,
  { force }: { force: boolean },
): Promise<void> {
  const { apis, names, epoch, startable, own } = preparing;
  const { release } = startable;
  const container = demandContainer(startable);
  await workload.underEpoch(preparing, async () =>
    applyOthers(apis, own.others, { names, release, container, epoch, force }),
  );
}

async function denied<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw deniedBy(error);
  }
}
