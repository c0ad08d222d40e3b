import { createLocalReleases, toConnectOptions } from '@orchestra/adapters/local-target';
import type { Settings } from './config.ts';
import type { Ports } from './ports.ts';

/** Connects the service to the local target of this machine. */
export function createPorts(settings: Settings): Ports {
  return { releases: createLocalReleases(toConnectOptions(settings)) };
}
