import { approvalWaitsMs } from './plan/approval-rules.ts';
import type { Plan } from './plan/plan.ts';
import type { PlannedUnit } from './run-state/run.ts';

/** Names of units, protocol section 1. */
export const unitNames = {
  gitops: 'gitops',
  build: 'build',
  source: 'code_analysis/source',
  artifact: 'code_analysis/artifact',
  test: 'test',
  iac: (environment: string) => `iac/${environment}`,
  deploy: (environment: string, service: string) => `deploy/${environment}/${service}`,
  observe: (environment: string, service: string) => `observe/${environment}/${service}`,
  rollback: (environment: string, service: string) => `rollback/${environment}/${service}`,
} as const;

/** The environment and the service of a `deploy/…`, `observe/…` or `rollback/…` unit; null for any other. */
export function readTargetUnit(unit: string): { environment: string; service: string } | null {
  const [stage, environment, service] = unit.split('/');
  if (environment === undefined || service === undefined) return null;
  return stage === 'deploy' || stage === 'observe' || stage === 'rollback' ? { environment, service } : null;
}

/** The environment of an `iac/…` unit, or null. */
export function readInfrastructureUnit(unit: string): string | null {
  const [stage, environment] = unit.split('/');
  return stage === 'iac' && environment !== undefined ? environment : null;
}

interface Extent {
  plan: Pick<Plan, 'deployment' | 'gateDeadlineMs'>;
  /** The last environment that the run may reach; null: all. */
  environmentLimit: string | null;
}

/** All units that a plan foresees, with the gates of those that wait. The rollback units are made on demand. */
export function planUnits({ plan, environmentLimit }: Extent): PlannedUnit[] {
  const gateDeadlineMs = plan.gateDeadlineMs;
  const start = (unit: string, service: PlannedUnit['service'], after: readonly string[]): PlannedUnit => ({
    unit,
    service,
    after,
    gate: null,
    gateDeadlineMs,
  });
  const units = [
    start(unitNames.gitops, 'gitops', []),
    start(unitNames.build, 'build', [unitNames.gitops]),
    start(unitNames.source, 'code-analysis', [unitNames.gitops]),
    start(unitNames.artifact, 'code-analysis', [unitNames.build]),
    start(unitNames.test, 'test', [unitNames.build]),
  ];
  if (plan.deployment === null) return units;

  const { environments, services } = plan.deployment;
  const names = services.map(({ name }) => name);
  for (const [index, environment] of reachable(environments, environmentLimit).entries()) {
    const before = environments[index - 1];
    // Behind an environment that waits for people, everything waits as much longer.
    const longerMs = gateDeadlineMs + approvalWaitsMs(plan.deployment, environment);
    units.push(...environmentUnits({ environment, before, services: names, gateDeadlineMs: longerMs }));
  }
  return units;
}

// An environment may be closed for weeks: by its windows, or by a freeze that people order when the gate waits already. The
// deadline of the run, which does not count that time, ends whoever waits in vain.
const longestClosedMs = 60 * 86_400_000;

function reachable(environments: readonly string[], limit: string | null): readonly string[] {
  const last = limit === null ? -1 : environments.indexOf(limit);
  return last === -1 ? environments : environments.slice(0, last + 1);
}

interface EnvironmentExtent {
  environment: string;
  before: string | undefined;
  services: readonly string[];
  gateDeadlineMs: number;
}

function environmentUnits({ environment, before, services, gateDeadlineMs }: EnvironmentExtent): PlannedUnit[] {
  const inputs = [unitNames.test, unitNames.source, unitNames.artifact];
  const iac = unitNames.iac(environment);
  const earlier = before === undefined ? [] : services.map((service) => unitNames.observe(before, service));
  const deployInputs = [iac, ...earlier];
  const deployDeadlineMs = gateDeadlineMs + (before === undefined ? 0 : longestClosedMs);
  return [
    { unit: iac, service: 'iac', after: inputs, gate: inputs, gateDeadlineMs },
    ...services.flatMap((service): PlannedUnit[] => {
      const deploy = unitNames.deploy(environment, service);
      return [
        { unit: deploy, service: 'deploy', after: deployInputs, gate: deployInputs, gateDeadlineMs: deployDeadlineMs },
        {
          unit: unitNames.observe(environment, service),
          service: 'observability',
          after: [deploy],
          gate: null,
          gateDeadlineMs,
        },
      ];
    }),
  ];
}

/** The units behind the given one, in any distance, itself included. */
export function downstreamOf(units: readonly PlannedUnit[], root: string): string[] {
  const found = new Set([root]);
  // The list is in topological order: every unit stands behind those it comes after.
  for (const { unit, after } of units) {
    if (after.some((name) => found.has(name))) found.add(unit);
  }
  return [...found];
}
