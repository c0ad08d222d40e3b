import { openFlags } from '@orchestra/adapters/flags';
import { createKubernetesReleases, joinTargets, toClusterOptions } from '@orchestra/adapters/kubernetes';
import { createLocalReleases, toConnectOptions } from '@orchestra/adapters/local-target';
import { readWorldKey } from '@orchestra/contracts';
import type { Settings } from './config.ts';
import type { Ports } from './ports.ts';

/** Connects the service to the local target of this machine, and to the namespaces of a cluster that the settings allow. */
export function createPorts(settings: Settings): Ports {
  const local = createLocalReleases(toConnectOptions(settings));
  const inNamespace = createKubernetesReleases(toClusterOptions(settings));
  const flags = openFlags(settings);
  const releases = joinTargets({ local, inNamespace, readKey: readWorldKey });
  return flags === undefined ? { releases } : { releases, flags };
}
