export type { ConnectOptions } from './connect.ts';
export { createLocalReleases, type LocalReleases, type StartableRelease } from './local-releases.ts';
export { localTargetEnv, localTargetPlaceEnv, toConnectOptions } from './local-target-env.ts';
export { createLocalTarget, type LocalTarget, type Move } from './local-target.ts';
export {
  latencyBoundsMs,
  type ReleaseMetrics,
  type ReleaseSpec,
  type ReleaseView,
  type TargetMetrics,
  type TargetView,
} from './view.ts';
export { ensureReleaseFolder, type ReleaseFolder } from './release-folder.ts';
