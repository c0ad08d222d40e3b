import { describe, expect, it } from '@jest/globals';
import { parsePipelineFile } from '@orchestra/contracts';
import { decidePlan, planWithoutFile, type Facts } from './decide-plan.ts';

const file = `
project: { name: shop }
triggers: { pull_requests: true }
deployment:
  strategy: canary
  environments: [staging, production]
  services: [{ name: shop, command: [node, server.js], port: 8080 }]
`;
const facts: Facts = {
  trigger: 'PUSH',
  branch: 'main',
  environmentLimit: null,
  branchFits: true,
  parsed: parsePipelineFile(file),
};

function unitsOf(change: Partial<Facts>): string[] {
  const decision = decidePlan({ ...facts, ...change });
  return decision.kind === 'run' ? decision.units.map(({ unit }) => unit) : [decision.kind];
}

describe('decidePlan', () => {
  it('plans all environments for a push', () => {
    expect(unitsOf({})).toEqual(expect.arrayContaining(['deploy/staging/shop', 'deploy/production/shop']));
  });

  it('stops behind the environment that was asked for', () => {
    const units = unitsOf({ trigger: 'MANUAL', environmentLimit: 'staging' });

    expect(units).toContain('deploy/staging/shop');
    expect(units).not.toContain('deploy/production/shop');
  });

  it('lets a pull request reach no environment', () => {
    const units = unitsOf({ trigger: 'PULL_REQUEST', branch: null, branchFits: false });

    expect(units).toEqual(['gitops', 'build', 'code_analysis/source', 'code_analysis/artifact', 'test']);
  });

  it('runs any branch for a person who asks', () => {
    expect(decidePlan({ ...facts, trigger: 'MANUAL', branchFits: false }).kind).toBe('run');
  });

  it('allows four hops for each step of each rollout', () => {
    const decision = decidePlan(facts);

    const steps = facts.parsed?.ok === true ? (facts.parsed.plan.deployment?.steps.length ?? 0) : 0;
    expect(decision).toMatchObject({ kind: 'run', hopsLimit: 16 + 4 * 2 * steps });
  });

  it.each([
    { when: 'the branch is not selected', change: { branchFits: false }, reason: 'branch_not_selected' },
    {
      when: 'pull requests are off',
      change: { trigger: 'PULL_REQUEST' as const, parsed: parsePipelineFile('project: { name: shop }') },
      reason: 'pull_requests_off',
    },
  ])('is not needed when $when', ({ change, reason }) => {
    expect(decidePlan({ ...facts, ...change })).toMatchObject({ kind: 'not_needed', reason });
  });

  it.each([
    { when: 'there is no file', change: { parsed: null }, reason: 'pipeline_file_missing' },
    { when: 'the file is wrong', change: { parsed: parsePipelineFile('projekt: 1') }, reason: 'pipeline_file_invalid' },
    { when: 'nobody knows the environment', change: { environmentLimit: 'moon' }, reason: 'environment_unknown' },
  ])('refuses when $when, and says what is wrong', ({ change, reason }) => {
    const decision = decidePlan({ ...facts, ...change });

    expect(decision).toMatchObject({ kind: 'refuse', reason });
    expect(decision.kind === 'refuse' && decision.problems.length).toBeGreaterThan(0);
  });

  it('has stages that can end also without a file', () => {
    expect(planWithoutFile().units.map(({ unit }) => unit)).toEqual([
      'gitops',
      'build',
      'code_analysis/source',
      'code_analysis/artifact',
      'test',
    ]);
  });
});
