import type { Readable } from 'node:stream';
import type { LocalReleases, StartableRelease } from '../local-target/index.ts';
import type { ClusterMove, InNamespace, KubernetesReleases } from './kubernetes-releases.ts';
import type { ClusterContainer } from './target-objects.ts';
import type { ClusterView } from './view.ts';

/** A release for either kind of place. */
export interface JoinedStartable extends StartableRelease {
  container?: ClusterContainer | undefined;
  openStored?: ((digest: string) => Promise<Readable>) | undefined;
}

/** The places that are joined, and how a name of the world is taken apart; `namespace` null: processes of this machine.
 * `rollout`: the Argo Rollout that it is. */
export interface Joining {
  local: LocalReleases;
  inNamespace: InNamespace;
  readKey(key: string): { namespace: string | null; rollout?: string | null; target: string };
}

/** Releases on this machine and in clusters, each target where its name in the world says. Errors are those of the places. */
export interface JoinedReleases {
  notes(target: string, signal?: AbortSignal): Promise<readonly string[]>;
  demandSandbox(target: string, signal?: AbortSignal): Promise<void>;
  look(target: string, signal?: AbortSignal): Promise<ClusterView | null>;
  claim(move: ClusterMove & { port: number }, signal?: AbortSignal): Promise<ClusterView>;
  bringUp(move: ClusterMove & { startable: JoinedStartable }, signal?: AbortSignal): Promise<ClusterView>;
  share(move: ClusterMove & { weights: Readonly<Record<string, number>> }, signal?: AbortSignal): Promise<ClusterView>;
  retire(move: ClusterMove & { releases: readonly string[] }, signal?: AbortSignal): Promise<void>;
  giveBack(move: ClusterMove & { to: JoinedStartable }, signal?: AbortSignal): Promise<ClusterView>;
  output(of: { target: string; release: string }, signal?: AbortSignal): Promise<string>;
  /** Looks after what runs on this machine. */
  tend(): Promise<void>;
}

/** Joins the places of releases, so that who moves a target need not know where it is. */
export function joinTargets({ local, inNamespace, readKey }: Joining): JoinedReleases {
  function placeOf(key: string): { place: LocalReleases | KubernetesReleases; target: string } {
    const { namespace, rollout = null, target } = readKey(key);
    return { place: namespace === null ? local : inNamespace(namespace, rollout), target };
  }

  return {
    notes: async (key, signal) => placeOf(key).place.notes(signal),
    demandSandbox: async (key, signal) => placeOf(key).place.demandSandbox(signal),
    async look(key, signal) {
      const { place, target } = placeOf(key);
      return place.look(target, signal);
    },
    async claim(move, signal) {
      const { place, target } = placeOf(move.target);
      return place.claim({ ...move, target }, signal);
    },
    async bringUp(move, signal) {
      const { place, target } = placeOf(move.target);
      return place.bringUp({ ...move, target }, signal);
    },
    async share(move, signal) {
      const { place, target } = placeOf(move.target);
      return place.share({ ...move, target }, signal);
    },
    async retire(move, signal) {
      const { place, target } = placeOf(move.target);
      return place.retire({ ...move, target }, signal);
    },
    async giveBack(move, signal) {
      const { place, target } = placeOf(move.target);
      return place.giveBack({ ...move, target }, signal);
    },
    async output({ target: key, release }, signal) {
      const { place, target } = placeOf(key);
      return place.output({ target, release }, signal);
    },
    tend: local.tend,
  };
}
