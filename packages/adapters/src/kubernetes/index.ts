export { createClusterDrift } from './drift/cluster-drift.ts';
export { renderInputs } from './inputs/render-inputs.ts';
export { joinPreparations } from './join-preparations.ts';
export { joinTargets, type JoinedReleases } from './join-targets.ts';
export { createKubernetesReleases, type InNamespace, type KubernetesReleases } from './kubernetes-releases.ts';
export { kubernetesEnv, toClusterOptions } from './kubernetes-env.ts';
export type { ClusterContainer, ClusterStartable } from './target-objects.ts';
export { createClusterPods, type ClusterPods, type TargetPods } from './pods/cluster-pods.ts';
export type { PodView } from './pods/view-pods.ts';
