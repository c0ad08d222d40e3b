import { posix } from 'node:path';
import type { InfrastructurePlan, Plan } from '@orchestra/contracts';
import type { ProposalRequest } from '../ports.ts';

/** What was found in the source. */
export interface Surroundings {
  /** Of the whole repository, relative to it. */
  files: readonly string[];
  /** Texts of the manifests beside the pipeline file. */
  manifests: Readonly<Record<string, string>>;
}

/** The manifests that a model may see, of the root of the repository. */
export const manifestNames: readonly string[] = ['package.json', 'pyproject.toml', 'go.mod', 'Cargo.toml', 'pom.xml'];

const maxNames = 200;
const maxNameChars = 120;
const maxManifestChars = 24_576;
const maxServices = 20;

interface Asked {
  environment: string;
  infrastructure: InfrastructurePlan;
  deployment: Plan['deployment'];
  found: Surroundings;
  /** Hides secrets in a text. */
  hide(text: string): string;
}

/** All that a model gets to know: names, and what was written for everybody to read. No commands, no variables. */
export function composeRequest({ environment, infrastructure, deployment, found, hide }: Asked): ProposalRequest {
  return {
    tool: toolOf(infrastructure),
    environment: hide(environment),
    folder: hide(posix.normalize(infrastructure.path)),
    deployment: deployment === null ? null : describeDeployment(deployment, hide),
    files: found.files
      .filter((name) => name.length <= maxNameChars)
      .slice(0, maxNames)
      .map(hide),
    manifests: boundedManifests(found.manifests, hide),
  };
}

/** What the configuration is written for. */
export function toolOf({ tool }: Pick<InfrastructurePlan, 'tool'>): ProposalRequest['tool'] {
  return tool === 'cloudformation' ? 'cloudformation' : 'terraform';
}

function describeDeployment(
  { provider, strategy, environments, services }: NonNullable<Plan['deployment']>,
  hide: Asked['hide'],
): object {
  const shown = services
    .slice(0, maxServices)
    .map(({ name, port, replicas }) => ({ name: hide(name), port, replicas }));
  return { provider, strategy, environments: environments.map(hide), services: shown };
}

// A manifest that would not fit is left out whole: half of one says something else.
function boundedManifests(manifests: Surroundings['manifests'], hide: Asked['hide']): Record<string, string> {
  const shown: Record<string, string> = {};
  let left = maxManifestChars;
  for (const [name, text] of Object.entries(manifests)) {
    const masked = hide(text);
    if (masked.length > left) continue;
    left -= masked.length;
    shown[name] = masked;
  }
  return shown;
}
