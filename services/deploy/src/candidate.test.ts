import { describe, expect, it } from '@jest/globals';
import { parsePipelineFile, type Plan, type RunState } from '@orchestra/contracts';
import { aContext } from '@orchestra/testkit';
import { gatherCandidate } from './candidate.ts';
import type { Ports } from './ports.ts';
import { gatherWork } from './work.ts';

const pipelineFile = `
project: { name: shop, language: javascript }
deployment:
  environments: [staging, production]
  strategy: canary
  steps: [20]
  services:
    - { name: web, command: node main.mjs, port: { staging: 4001, production: 4002 } }
`;

function givenPlan(): Plan {
  const parsed = parsePipelineFile(pipelineFile);
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join('; '));
  return parsed.plan;
}

function never(): Promise<never> {
  return Promise.reject(new Error('the world was touched'));
}

const ports: Ports = {
  releases: {
    notes: never,
    demandSandbox: never,
    look: never,
    claim: never,
    bringUp: never,
    share: never,
    retire: never,
    giveBack: never,
    tend: never,
  },
};

async function gather(unit: string, slices: Partial<RunState['slices']>, plan: Plan = givenPlan()) {
  const empty = aContext('deploy').run.slices;
  const run = { slices: { ...empty, ...slices } };
  const context = aContext('deploy', { job: { unit }, run, store: { readTarget: async () => null } });
  return gatherCandidate(await gatherWork(context, ports), plan);
}

const source = {
  gitops: {
    source: {
      planDigest: 'sha256:p',
      snapshotDigest: 'sha256:source',
      baseCommit: null,
      changedFiles: null,
      problems: [],
      warnings: [],
      licenses: [],
    },
  },
};

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
});
