import { describe, expect, it } from '@jest/globals';
import { parsePipelineFile, type DeploymentPlan } from '@orchestra/contracts';
import { containerOf } from './container-of.ts';

const text = `
project: {name: shop}
build: {tool: docker, image: registry.example.com/shop}
deployment:
  provider: kubernetes
  namespace: shop
  manifests: k8s
  services: [{name: web, port: 80, route: public}, {name: worker, port: 80, rollout: worker}]
`;

function planned(): DeploymentPlan {
  const parsed = parsePipelineFile(text);
  if (!parsed.ok || parsed.plan.deployment === null) throw new Error('The pipeline file is refused');
  return parsed.plan.deployment;
}

describe('what a release has in a cluster', () => {
  it('is the files, with the route of one service and the Argo Rollout that another one is', () => {
    const deployment = planned();
    const digest = `sha256:${'a'.repeat(64)}`;
    const brought = {
      environment: 'production',
      artifact: { digest, image: `registry.example.com/shop@${digest}` },
      runId: 'run-1',
      commit: 'c'.repeat(40),
      inputs: { rendered: digest, environments: { production: { digest, replicas: {} } } },
    };

    const [web, worker] = deployment.services.map((service) => containerOf(deployment, { ...brought, service }));

    const objects = { digest, services: ['web', 'worker'], rollouts: { worker: 'worker' } };
    expect(web).toMatchObject({ route: 'public', objects });
    expect(worker).toMatchObject({ rollout: 'worker', namespace: 'shop', objects });
  });
});
