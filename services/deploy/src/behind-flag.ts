import { findCurrent, type DeploymentPlan, type PlannedRelease, type ServicePlan } from '@orchestra/contracts';
import { isFlagOf } from './change-flag.ts';
import type { Work } from './work.ts';

/** The feature flag of what a release has that is new; nothing with any other strategy. */
export function flagOf({ strategy }: Pick<DeploymentPlan, 'strategy'>, { flag, name }: ServicePlan): { flag?: string } {
  return strategy === 'feature_flag' ? { flag: flag ?? name } : {};
}

/** A release of the flag that what serves has already comes in one step: a dark one would take it from its users. */
export function withoutDarkness(release: PlannedRelease, { held }: Work): PlannedRelease {
  const { flag } = release.manifest;
  const isKnown = flag !== undefined && isFlagOf(flag, findCurrent(held.target)?.manifest);
  return isKnown ? { ...release, weights: [100] } : release;
}
