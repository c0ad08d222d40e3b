import { targetKey, type Manifest, type Target, type TargetName } from './target.ts';
import { findCurrent } from './transition.ts';

const inCluster = /^kubernetes:([^:/]+)(?:\/([^:]+))?:(.+)$/;

/** Where a target is in the world. */
export interface WorldPlace {
  /** Null: it runs as processes of this machine. */
  namespace: string | null;
  /** The Argo Rollout that it is; null: it is none. */
  rollout: string | null;
  /** The name of the target, as {@link targetKey} gives it. */
  target: string;
}

/**
 * The name under which a target is found in the world: {@link targetKey}, with the namespace before it for what runs in a
 * cluster, and the Argo Rollout where it is one. It follows from the releases that are there: a target does not move.
 */
export function worldKey(target: Target): string {
  const { lane, seizure, history } = target;
  const release = lane ?? seizure?.ousted ?? findCurrent(target) ?? history.at(-1) ?? null;
  return worldKeyOf(target, release?.manifest ?? null);
}

/** The name under which a target is found once a release by this manifest is there; null: none was ever. */
export function worldKeyOf(name: TargetName, manifest: Pick<Manifest, 'container'> | null): string {
  const key = targetKey(name);
  const container = manifest?.container;
  if (container === undefined) return key;
  const { namespace, rollout } = container;
  return `kubernetes:${rollout === undefined ? namespace : `${namespace}/${rollout}`}:${key}`;
}

/** Takes a name of the world apart. */
export function readWorldKey(key: string): WorldPlace {
  const [, namespace = null, rollout = null, target = key] = inCluster.exec(key) ?? [];
  return { namespace, rollout, target };
}
