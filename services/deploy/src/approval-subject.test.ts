import { describe, expect, it } from '@jest/globals';
import { parsePipelineFile, type Plan } from '@orchestra/contracts';
import { approvalSubject } from './approval-subject.ts';

function planOf(more = '', service = ''): Plan {
  const parsed = parsePipelineFile(`
project: { name: shop }
deployment:
  environments: [staging, production]
  approvals: [{ environment: production }]
  services:
    - { name: web, command: node main.mjs, port: { staging: 1, production: 2 }${service} }
${more}`);
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join('; '));
  return parsed.plan;
}

describe('approvalSubject', () => {
  it('is the same for the same bytes with the same configuration', () => {
    expect(approvalSubject(planOf(), 'production', 'sha256:a')).toEqual(
      approvalSubject(planOf(), 'production', 'sha256:a'),
    );
  });

  it.each([
    { what: 'other bytes', plan: planOf(), environment: 'production', artifact: 'sha256:b', same: true },
    { what: 'another environment', plan: planOf(), environment: 'staging', artifact: 'sha256:a', same: false },
    {
      what: 'another variable',
      plan: planOf('', ', env: { A: b }'),
      environment: 'production',
      artifact: 'sha256:a',
      same: false,
    },
    {
      what: 'another watch',
      plan: planOf('observability: { enabled: false }'),
      environment: 'production',
      artifact: 'sha256:a',
      same: false,
    },
    {
      what: 'another way back',
      plan: planOf('rollback: { safe: false }'),
      environment: 'production',
      artifact: 'sha256:a',
      same: false,
    },
  ])('is another one for $what', ({ plan, environment, artifact, same }) => {
    const first = approvalSubject(planOf(), 'production', 'sha256:a');

    const other = approvalSubject(plan, environment, artifact);

    expect(other.digest).not.toBe(first.digest);
    expect(other.configuration === first.configuration).toBe(same);
  });

  it('does not change with what is deployed elsewhere', () => {
    const moved = planOf().deployment;
    const services = moved?.services.map((service) => ({
      ...service,
      environmentPorts: { staging: 9, production: 2 },
    }));
    const plan: Plan = { ...planOf(), deployment: moved && { ...moved, services: services ?? [] } };

    expect(approvalSubject(plan, 'production', 'sha256:a')).toEqual(
      approvalSubject(planOf(), 'production', 'sha256:a'),
    );
  });
});
