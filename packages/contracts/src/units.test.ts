import { describe, expect, it } from '@jest/globals';
import { downstreamOf, planUnits } from './units.ts';
import type { DeploymentPlan } from './plan/plan.ts';

const service = {
  name: 'shop',
  command: ['node', 'server.js'],
  port: 8080,
  env: {},
  replicas: 1,
  healthPath: '/',
  metricsPath: null,
  readyTimeoutMs: 1000,
};
const deployment: DeploymentPlan = {
  provider: 'local',
  strategy: 'canary',
  steps: [{ weightPercent: 100 }],
  environments: ['staging', 'production'],
  services: [service, { ...service, name: 'cart' }],
  stepTimeoutMs: 1000,
  onInconclusive: 'abort',
};

describe('planUnits', () => {
  it('ends behind the tests where nothing is deployed', () => {
    const units = planUnits({ plan: { deployment: null, gateDeadlineMs: 1 }, environmentLimit: null });

    const names = ['gitops', 'build', 'code_analysis/source', 'code_analysis/artifact', 'test'];
    expect(units.map(({ unit }) => unit)).toEqual(names);
  });

  it('lets a later environment wait for every member of the earlier one', () => {
    const units = planUnits({ plan: { deployment, gateDeadlineMs: 1 }, environmentLimit: null });

    const gate = units.find(({ unit }) => unit === 'deploy/production/shop')?.gate;
    expect(gate).toEqual(['iac/production', 'observe/staging/shop', 'observe/staging/cart']);
  });

  it('lets rollouts behind an environment wait while people keep that one closed, and nobody else', () => {
    const units = planUnits({ plan: { deployment, gateDeadlineMs: 1 }, environmentLimit: null });

    const longer = units.filter(({ gateDeadlineMs }) => gateDeadlineMs > 1);
    expect(longer.map(({ unit, gateDeadlineMs }) => [unit, gateDeadlineMs])).toEqual([
      ['deploy/production/shop', 60 * 86_400_000 + 1],
      ['deploy/production/cart', 60 * 86_400_000 + 1],
    ]);
  });

  it('stops at the environment that a trigger named', () => {
    const units = planUnits({ plan: { deployment, gateDeadlineMs: 1 }, environmentLimit: 'staging' });

    expect(units.some(({ unit }) => unit.includes('production'))).toBe(false);
  });
});

describe('downstreamOf', () => {
  const units = planUnits({ plan: { deployment, gateDeadlineMs: 1 }, environmentLimit: 'staging' });

  it('finds everything behind a unit and nothing beside it', () => {
    const found = downstreamOf(units, 'test');

    expect(found.toSorted()).toEqual([
      'deploy/staging/cart',
      'deploy/staging/shop',
      'iac/staging',
      'observe/staging/cart',
      'observe/staging/shop',
      'test',
    ]);
  });
});
