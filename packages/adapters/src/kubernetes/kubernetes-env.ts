import { z } from 'zod';
import type { ClusterOptions } from './connect-cluster.ts';

const names = z
  .string()
  .transform((text) => text.split(',').map((name) => name.trim()))
  .transform((list) => list.filter((name) => name !== ''));

/** What a service that releases on Kubernetes reads from the environment. */
export const kubernetesEnv = z.object({
  /** The namespaces in which releases may run, by commas. Empty: nothing is released on Kubernetes. */
  KUBERNETES_NAMESPACES: names.prefault(''),
  /** The kinds of objects that may be written, by commas. A release takes a Deployment and a Service, its hooks a Job; all others come from files of the repository. */
  KUBERNETES_KINDS: names.prefault(
    'Deployment,Service,Job,ConfigMap,Ingress,HorizontalPodAutoscaler,PodDisruptionBudget,ServiceAccount,HTTPRoute',
  ),
  /** The path of a kubeconfig. Absent: the service account of the pod in which the service runs. */
  KUBECONFIG: z.string().min(1).optional(),
  /** The context of the kubeconfig. Absent: its current one. */
  KUBERNETES_CONTEXT: z.string().min(1).optional(),
  /** How long one request to the API may take. */
  KUBERNETES_REQUEST_MS: z.coerce.number().int().min(100).default(10_000),
  /** How long a request is repeated that meets 429, 5xx, a cut connection or silence. */
  KUBERNETES_DEADLINE_MS: z.coerce.number().int().min(100).default(60_000),
});

/** The options that the settings name. */
export function toClusterOptions(settings: z.output<typeof kubernetesEnv>): ClusterOptions {
  return {
    kubeconfig: settings.KUBECONFIG ?? null,
    context: settings.KUBERNETES_CONTEXT ?? null,
    namespaces: settings.KUBERNETES_NAMESPACES,
    kinds: settings.KUBERNETES_KINDS,
    requestMs: settings.KUBERNETES_REQUEST_MS,
    deadlineMs: settings.KUBERNETES_DEADLINE_MS,
  };
}
