import { describe, expect, it } from '@jest/globals';
import { planUnits } from '../units.ts';
import { explainPlan } from './explain-plan.ts';
import { parsePipelineFile } from './parse-pipeline-file.ts';

function fileWith(approvals: string, more = ''): string {
  return `project: {name: shop}${more}
deployment:
  environments: [staging, production]
  services: [{name: shop, command: node x, port: 1}]
  approvals: ${approvals}
`;
}

function planOf(text: string) {
  const parsed = parsePipelineFile(text);
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join('; '));
  return parsed.plan;
}

describe('deployment.approvals', () => {
  it('has one approval of anybody but the author within a day, unless the file says more', () => {
    const { deployment } = planOf(
      fileWith(
        '[{ environment: staging }, { environment: production, count: 2, approvers: [ada], groups: [sre], expires_seconds: 60, allow_author: true }]',
      ),
    );

    expect(deployment?.approvals).toEqual({
      staging: { count: 1, approvers: [], groups: [], allowAuthor: false, expiresMs: 86_400_000 },
      production: { count: 2, approvers: ['ada'], groups: ['sre'], allowAuthor: true, expiresMs: 60_000 },
    });
  });

  it('asks nobody where the file says nothing', () => {
    const { deployment } = planOf('project: {name: s}\ndeployment: {services: [{name: a, command: x, port: 1}]}');

    expect(deployment).not.toHaveProperty('approvals');
  });

  it('gives people the time: the run and the environments behind end as much later', () => {
    const plan = planOf(fileWith('[{ environment: staging, expires_seconds: 1000 }]'));
    const gateOf = (unit: string) =>
      planUnits({ plan, environmentLimit: null }).find((each) => each.unit === unit)?.gateDeadlineMs;

    expect(plan.runDeadlineMs).toBe(14_400_000 + 1_000_000);
    expect(gateOf('deploy/staging/shop')).toBe(7_200_000);
    expect(gateOf('iac/production')).toBe(7_200_000 + 1_000_000);
  });

  it('leaves a deadline of the run that is written', () => {
    const more = '\nrun: {deadline_seconds: 5000, gate_deadline_seconds: 1000}';

    expect(planOf(fileWith('[{ environment: staging }]', more)).runDeadlineMs).toBe(5_000_000);
  });

  it('is explained', () => {
    const lines = explainPlan(
      planOf(fileWith('[{ environment: production, count: 2, approvers: [ada], groups: [sre] }]')),
    );

    expect(lines.find(({ unit }) => unit === 'deploy/production/shop')?.does).toMatch(
      /^waits up to 1 d for 2 approvals of ada or the group sre, not by the author; then moves traffic/,
    );
  });

  it.each([
    ['an environment that there is not', '[{ environment: prodution }]', 'Did you mean `production`?'],
    [
      'more approvals than approvers',
      '[{ environment: production, count: 2, approvers: [ada, ada] }]',
      'Name more `approvers`',
    ],
    [
      'an environment that stands there twice',
      '[{ environment: staging }, { environment: staging }]',
      'Keep one of the two.',
    ],
  ])('is refused with %s', (_what, approvals, suggestion) => {
    const parsed = parsePipelineFile(fileWith(approvals));

    expect(parsed.ok ? [] : parsed.problems).toMatchObject([{ suggestion: expect.stringContaining(suggestion) }]);
  });
});
