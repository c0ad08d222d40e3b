import {
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
  const inNamespace = createKubernetesReleases(toClusterOptions(settings));
  const rendering = { scratch: createWorkspaces(settings.RENDER_DIR), path: settings.RENDER_PATH };
  return {
    cluster: {
      ...joinPreparations({ inNamespace, readKey: readWorldKey }),
      render: (request, snapshot, signal) => renderInputs(request, { snapshot, signal }, rendering),
    },
    releases: joinTargets({ local, inNamespace, readKey: readWorldKey }),
    freezes: settings.RELEASE_FREEZES,
    groups: settings.APPROVER_GROUPS,
  };
}
