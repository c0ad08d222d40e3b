import type { SoundSections } from './check-file.ts';
import { repeated } from './repeated.ts';
import type { KeyPath, Remark } from './remark.ts';
import { resolveBuildTool } from './resolve-build.ts';
import { resolveNamespaces, resolveProvider } from './resolve-deployment.ts';
import { resolveEnvironments } from './resolve-environments.ts';
import { refusedProviders } from './section-deployment.ts';

/** What a cluster needs, and what only a cluster has. */
export function checkCluster({ deployment, pipeline, build }: SoundSections): Remark[] {
  if (deployment === undefined) return [];
  const runtimes = checkRuntimes(deployment);
  if (resolveProvider(deployment) === 'local') return [...runtimes, ...checkLocalOnly(deployment)];
  const environments = resolveEnvironments({ deployment, pipeline });
  return [...runtimes, ...checkNamespaces(deployment, environments), ...checkImage(build)];
}

type Deployment = NonNullable<SoundSections['deployment']>;

const refused = new Map(Object.entries(refusedProviders));

// With a version or without: `node18`, `python3.12`, `java-21`.
const language =
  /^(node(\.?js)?|deno|bun|python|ruby|php|go(lang)?|java|jvm|kotlin|scala|dotnet|rust|elixir)[-:@ ]?v?[\d.]*$/i;

// Older files name a place per service. One that is none would otherwise be taken for a word about a language.
function checkRuntimes({ services }: Deployment): Remark[] {
  return services.flatMap(({ runtime }, index): Remark[] => {
    if (runtime === undefined || language.test(runtime) || /^(kubernetes|local)$/i.test(runtime)) return [];
    const suggestion = refused.get(runtime.toLowerCase()) ?? unknownRuntime;
    return [remark(['deployment', 'services', index, 'runtime'], `\`${runtime}\` is no target`, suggestion)];
  });
}

const unknownRuntime =
  'Write `provider: local` or `provider: kubernetes` for where it runs, and `command` for what starts it; remove `runtime`.';

function checkLocalOnly({ namespace, services }: Deployment): Remark[] {
  const suggestion = 'Write `provider: kubernetes`, or remove it.';
  const ports = services.flatMap(({ container_port: port }, index): Remark[] => {
    const path = ['deployment', 'services', index, 'container_port'];
    return port === undefined ? [] : [remark(path, 'Processes on this machine are in no container', suggestion)];
  });
  if (namespace === undefined) return ports;
  return [remark(['deployment', 'namespace'], 'Processes on this machine have no namespace', suggestion), ...ports];
}

function checkNamespaces(deployment: Deployment, environments: readonly string[]): Remark[] {
  const path = ['deployment', 'namespace'];
  if (deployment.namespace === undefined) {
    const suggestion = 'Write `namespace:`, such as `namespace: shop`.';
    return [remark(['deployment'], 'Kubernetes needs to know the namespace', suggestion)];
  }
  const named = resolveNamespaces(deployment, environments);
  const missing = environments.filter((environment) => !Object.hasOwn(named, environment));
  const unknown = Object.keys(named).filter((environment) => !environments.includes(environment));
  const twice = repeated(environments.map((environment) => named[environment] ?? environment));
  return [
    ...missing.map((environment) =>
      remark(path, `Environment \`${environment}\` has no namespace`, `Write \`${environment}: …\` here.`),
    ),
    ...unknown.map((environment) =>
      remark([...path, environment], `\`${environment}\` is none of the environments ${environments.join(', ')}`, null),
    ),
    ...twice.map((index) => {
      const message = `Environment \`${environments[index] ?? ''}\` shares its namespace with another one`;
      return remark(path, message, 'Give each environment a namespace of its own: Services would have the same name.');
    }),
  ];
}

function checkImage(build: SoundSections['build']): Remark[] {
  if (build === undefined || ['docker', 'buildah'].includes(resolveBuildTool(build, 'unknown'))) return [];
  const suggestion = 'Write `tool: docker` or `tool: buildah` in `build`, and the `image` with its registry.';
  return [remark(['deployment'], 'Kubernetes runs images, and this build makes none', suggestion)];
}

function remark(path: KeyPath, message: string, suggestion: string | null): Remark {
  return { path, at: 'value', message, suggestion };
}
