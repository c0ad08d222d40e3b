import type { Manifest, Rollout } from '../target/target.ts';

/** What a run brings to a target: by its plan and what it built, as deploy works it out. */
export interface PlannedRelease {
  version: string;
  manifest: Manifest;
  strategy: Rollout['strategy'];
  weights: readonly number[];
}
