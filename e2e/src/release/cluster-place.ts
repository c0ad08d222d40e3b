import type { Artifact, JudgementPlan, Plan } from '@orchestra/contracts';

/** Where releases run in a cluster, and who is asked how they are. */
export interface ClusterPlace {
  /** Path of a kubeconfig. */
  kubeconfig: string;
  /** By environment. */
  namespaces: Readonly<Record<string, string>>;
  metricsUrl: string;
}

const containerPort = 8080;
// The port of the Service: each namespace has its own.
const port = 80;

// What pods say, and nothing that knows of requests.
const byPods: JudgementPlan = {
  warmUpMs: 0,
  failureWindow: 2,
  onNoData: 'inconclusive',
  onNoTraffic: 'inconclusive',
  probes: [],
  windowMs: null,
  metrics: [],
  baseline: null,
  objectives: null,
  maxPodRestarts: 0,
};

/** How a release is judged that nobody asks for anything, where the file trusts its pods. */
export const judgedByPods: JudgementPlan = { ...byPods, onNoTraffic: 'pass' };

const errors = {
  name: 'http_error_ratio',
  query: 'errors{service={{service}},release={{release}}}',
  better: 'lower',
  fail: 0.05,
  warn: null,
} as const;
const judgement: JudgementPlan = { ...byPods, windowMs: 1_000, metrics: [errors] };

/** The same plan for releases that are pods in a namespace, judged by them and by what the metrics server says. */
export function inCluster(plan: Plan, { namespaces }: ClusterPlace): Plan {
  const { deployment, observability } = plan;
  if (deployment === null) return plan;
  const services = deployment.services.map((service) => ({ ...service, command: [], port, containerPort }));
  return {
    ...plan,
    deployment: { ...deployment, provider: 'kubernetes', namespaces, services },
    observability: { judgement, ...observability },
  };
}

/** What a build pushed of a commit under the name of an image. */
export function imageOf(image: string, commit: string): Artifact {
  const digest = `sha256:${commit.padEnd(64, '0')}`;
  return { name: 'shop', kind: 'IMAGE', digest, sizeBytes: 1, reference: `${image}@${digest}` };
}
