import {
  createTarget,
  environmentReleasesName,
  parseTarget,
  targetKey,
  unheld,
  type EnvironmentReleases,
  type HoldMove,
  type Target,
} from '@orchestra/contracts';
import type { TargetWrite } from '@orchestra/runtime';
import type { Context } from './work.ts';

/** What the store knows of the releases of an environment, as it was read. */
export interface HeldReleases {
  key: string;
  /** 0: nothing was written yet. */
  version: number;
  target: Target;
  state: EnvironmentReleases;
}

export async function readReleases(
  { store }: Pick<Context, 'store'>,
  { repository, environment }: { repository: string; environment: string },
): Promise<HeldReleases> {
  const name = { repository, environment, service: environmentReleasesName };
  const key = targetKey(name);
  const stored = await store.readTarget(key);
  const target = stored === null ? createTarget(name) : parseTarget(stored.target);
  return { key, version: stored?.version ?? 0, target, state: target.releases ?? unheld };
}

/** The write of a new state, with the rollouts that look again because of it. */
export function releasesWrite(held: HeldReleases, { next, wake }: HoldMove): TargetWrite {
  return {
    key: held.key,
    expected: held.version,
    target: { ...held.target, releases: next },
    wake: wake.map(({ jobId, memo }) => ({ service: 'deploy' as const, jobId, memo })),
  };
}
