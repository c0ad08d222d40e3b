import { createLocalReleases } from '@orchestra/adapters/local-target';
import type { Settings } from './config.ts';
import type { Ports } from './ports.ts';

/** Connects the service to the local target of this machine. */
export function createPorts(settings: Settings): Ports {
  const { LOCAL_TARGET_DIR: folder, LOCAL_TARGET_SANDBOX: mode, LOCAL_TARGET_PATH: path } = settings;
  return { releases: createLocalReleases({ folder, mode, path }) };
}
