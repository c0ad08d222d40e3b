import type { NamespaceTemplate } from '@orchestra/contracts';

interface Named {
  repository: string;
  environment: string;
  /** What the deployment names for the environment; null: it names none. */
  namespace: string | null;
}

const longestName = 63;

/** The namespace of an environment: what the deployment names, else repository and environment. */
export function namespaceOf({ repository, environment, namespace }: Named): string {
  if (namespace !== null) return namespace;
  const project = repository.split('/').at(-1) ?? '';
  const name = `${project}-${environment}`.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  return name.slice(-longestName).replaceAll(/^-+|-+$/g, '');
}

/** The configuration of a namespace with a quota; the provider finds its cluster by its own variables (`KUBE_…`). */
export function renderNamespace(named: Named, { cpu, memoryBytes, pods }: NamespaceTemplate): string {
  const name = JSON.stringify(namespaceOf(named));
  return `terraform {
  required_providers {
    kubernetes = {
      source = "hashicorp/kubernetes"
    }
  }
}

resource "kubernetes_namespace_v1" "environment" {
  metadata {
    name = ${name}
    labels = {
      "app.kubernetes.io/managed-by" = "devops-orchestra"
    }
  }
}

resource "kubernetes_resource_quota_v1" "environment" {
  metadata {
    name      = "devops-orchestra"
    namespace = kubernetes_namespace_v1.environment.metadata[0].name
  }
  spec {
    hard = {
      "requests.cpu"    = "${Math.round(cpu * 1000)}m"
      "requests.memory" = "${memoryBytes}"
      "pods"            = "${pods}"
    }
  }
}

output "namespace" {
  value = kubernetes_namespace_v1.environment.metadata[0].name
}
`;
}
