import { describe, expect, it } from '@jest/globals';
import { createTarget, type Artifact, type Plan, type RunState, type Target } from '@orchestra/contracts';
import { aContext, aPlan } from '@orchestra/testkit';
import { anUntouchedWorld } from './a-world.fixture.ts';
import { gatherCandidate } from './candidate.ts';
import { aSource } from './given-rollout.fixture.ts';
import { gatherWork } from './work.ts';

const pipelineFile = `
deployment:
  environments: [staging, production]
  strategy: canary
  steps: [20]
  services:
    - { name: web, command: node main.mjs, port: { staging: 4001, production: 4002 } }
`;

const clusterFile = `
build: { tool: docker, image: registry.example.com/shop }
deployment:
  provider: kubernetes
  namespace: { staging: shop-staging, production: shop }
  environments: [staging, production]
  services:
    - { name: web, port: 80, container_port: 3000, replicas: 3 }
`;

function aTargetOnThisMachine(): Target {
  const name = { repository: 'acme/shop', environment: 'production', service: 'web' };
  const manifest = {
    artifactDigest: 'sha256:before',
    command: ['node', 'main.mjs'],
    env: {},
    port: 4002,
    replicas: 1,
    healthPath: '/',
    metricsPath: null,
    readyTimeoutMs: 1_000,
  };
  const record = {
    runId: 'run-0',
    generation: 1,
    sequence: 1,
    release: 'r1',
    version: 'v1',
    commit: 'c'.repeat(40),
    manifest,
    health: 'healthy' as const,
    checks: [],
    epoch: 1,
    releasedAt: '2026-01-01T00:00:00.000Z',
    byPerson: false,
  };
  return { ...createTarget(name), history: [record], current: 'r1' };
}

async function gather(
  unit: string,
  slices: Partial<RunState['slices']>,
  plan: Plan = aPlan(pipelineFile),
  target: Target | null = null,
) {
  const empty = aContext('deploy').run.slices;
  const run = { slices: { ...empty, ...slices } };
  const context = aContext('deploy', {
    job: { unit },
    run,
    store: {
      readTarget: async (key) => (target === null ? null : { key, version: 1, target: JSON.stringify(target) }),
    },
  });
  return gatherCandidate(await gatherWork(context, { releases: anUntouchedWorld() }), plan);
}

const source = { gitops: { source: aSource() } };

function built(artifacts: readonly Artifact[]) {
  const { build } = aContext('deploy').run.slices;
  return { build: { ...build, result: { tool: 'docker', artifacts, durationMs: 1 } } };
}

describe('gatherCandidate', () => {
  it.each([
    { environment: 'staging', port: 4001 },
    { environment: 'production', port: 4002 },
  ])('brings a service to the port that it has in $environment', async ({ environment, port }) => {
    const candidate = await gather(`deploy/${environment}/web`, source);

    expect(candidate).toMatchObject({
      kind: 'ready',
      request: { weights: [20, 100], manifest: { port, artifactDigest: 'sha256:source' } },
    });
  });

  it('is the same version in every environment, so that quarantine and approvals hold in all of them', async () => {
    const [staging, production] = await Promise.all([
      gather('deploy/staging/web', source),
      gather('deploy/production/web', source),
    ]);

    expect(staging.kind === 'ready' && staging.request.version).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(staging).toMatchObject({
      request: { version: production.kind === 'ready' ? production.request.version : null },
    });
  });

  it('has nothing to bring without a source or an artifact', async () => {
    expect(await gather('deploy/production/web', {})).toMatchObject({ kind: 'none', reason: 'nothing_to_deploy' });
  });

  it('has nothing to bring for a service that the file does not name', async () => {
    expect(await gather('deploy/production/api', source)).toMatchObject({ kind: 'none', reason: 'not_planned' });
  });

  describe('for Kubernetes', () => {
    const digest = `sha256:${'d'.repeat(64)}`;
    const reference = `registry.example.com/shop@${digest}`;
    const image = { name: 'shop', kind: 'IMAGE' as const, digest, sizeBytes: 1, reference };
    it.each([
      { environment: 'staging', namespace: 'shop-staging' },
      { environment: 'production', namespace: 'shop' },
    ])(
      'brings the image, named by its digest, to the namespace of $environment',
      async ({ environment, namespace }) => {
        const candidate = await gather(`deploy/${environment}/web`, built([image]), aPlan(clusterFile));

        expect(candidate).toMatchObject({
          kind: 'ready',
          request: {
            manifest: {
              artifactDigest: digest,
              port: 80,
              replicas: 3,
              container: { image: reference, namespace, port: 3000 },
            },
          },
        });
      },
    );

    it.each([
      { what: 'no image', artifacts: [{ ...image, kind: 'ARCHIVE' as const, reference: null }] },
      {
        what: 'an image that only a tag names',
        artifacts: [{ ...image, reference: 'registry.example.com/shop:latest' }],
      },
      { what: 'nothing', artifacts: [] },
    ])('brings nothing where the build made $what', async ({ artifacts }) => {
      const candidate = await gather('deploy/production/web', built(artifacts), aPlan(clusterFile));

      expect(candidate).toMatchObject({ kind: 'none', reason: 'nothing_to_deploy' });
    });

    it('brings nothing to a target whose releases run somewhere else', async () => {
      const candidate = await gather(
        'deploy/production/web',
        built([image]),
        aPlan(clusterFile),
        aTargetOnThisMachine(),
      );

      expect(candidate).toMatchObject({ kind: 'none', reason: 'target_elsewhere' });
    });
  });
});
