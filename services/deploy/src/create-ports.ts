import { openFlags } from '@orchestra/adapters/flags';
import { createImageRegistry, toRegistryOptions } from '@orchestra/adapters/image-registry';
import {
  createClusterDrift,
  createKubernetesReleases,
  joinPreparations,
  joinTargets,
  renderInputs,
  toClusterOptions,
} from '@orchestra/adapters/kubernetes';
import { createLocalReleases, toConnectOptions } from '@orchestra/adapters/local-target';
import { createWorkspaces } from '@orchestra/adapters/sandbox';
import { readWorldKey } from '@orchestra/contracts';
import type { Settings } from './config.ts';
import type { Ports } from './ports.ts';

/** Connects the service to the local target of this machine, and to the namespaces of a cluster that the settings allow. */
export function createPorts(settings: Settings): Ports {
  const local = createLocalReleases(toConnectOptions(settings));
  const flags = openFlags(settings);
  const inNamespace = createKubernetesReleases(toClusterOptions(settings));
  const scratch = createWorkspaces(settings.RENDER_DIR);
  // What a process left that was killed goes before the first use.
  let swept: Promise<void> | null = null;
  return {
    cluster: {
      ...joinPreparations({ inNamespace, readKey: readWorldKey }),
      async render(request, snapshot, signal) {
        swept ??= scratch.sweep();
        await swept;
        return renderInputs(request, { snapshot, signal }, { scratch, path: settings.RENDER_PATH });
      },
    },
    releases: joinTargets({ local, inNamespace, readKey: readWorldKey }),
    ...driftOf(settings),
    images: createImageRegistry(toRegistryOptions(settings)),
    freezes: settings.RELEASE_FREEZES,
    ...(flags === undefined ? {} : { flags }),
    groups: settings.APPROVER_GROUPS,
  };
}

function driftOf(settings: Settings): Pick<Ports, 'drift'> {
  const { DRIFT_CHECK_SECONDS: seconds, KUBERNETES_NAMESPACES: namespaces } = settings;
  if (seconds === 0 || namespaces.length === 0) return {};
  return { drift: { everyMs: seconds * 1000, ...createClusterDrift(toClusterOptions(settings)) } };
}
