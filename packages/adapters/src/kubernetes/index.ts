export { joinTargets, type JoinedReleases } from './join-targets.ts';
export { createKubernetesReleases, type InNamespace, type KubernetesReleases } from './kubernetes-releases.ts';
export { kubernetesEnv, toClusterOptions } from './kubernetes-env.ts';
export type { ClusterContainer, ClusterStartable } from './target-objects.ts';
