import { createKubernetesReleases, kubernetesEnv, toClusterOptions } from '@orchestra/adapters/kubernetes';
import { parseEnv } from '@orchestra/runtime';
import { ok, type Check, type Surroundings } from './check.ts';

const patience = { requestMs: 3_000, deadlineMs: 5_000 };

/** The namespaces in which releases may run: each has to be there, and to be seen with our rights. */
export async function checkCluster(environment: Surroundings['environment']): Promise<Check[]> {
  const settings = parseEnv('orchestra doctor', kubernetesEnv, environment);
  const { namespaces, ...options } = toClusterOptions(settings);
  if (namespaces.length === 0) {
    const means = 'nothing can be released on Kubernetes';
    return [{ name: 'kubernetes', state: 'absent', required: false, seen: 'KUBERNETES_NAMESPACES is not set', means }];
  }
  const inNamespace = createKubernetesReleases({ ...options, ...patience, namespaces });
  return Promise.all(
    namespaces.map(async (namespace) => checkNamespace(namespace, inNamespace(namespace).demandSandbox)),
  );
}

async function checkNamespace(namespace: string, demand: () => Promise<void>): Promise<Check> {
  const name = `kubernetes ${namespace}`;
  try {
    await demand();
    return ok(name, true, 'the API answers, and the namespace is there');
  } catch (error) {
    const seen = error instanceof Error ? error.message : String(error);
    return { name, state: 'broken', required: true, seen, means: 'nothing can be released there' };
  }
}
