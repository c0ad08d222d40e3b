import { unitNames, type Plan, type PlannedUnit } from '@orchestra/contracts';

// Nobody here is to give up on what is slow.
const gateDeadlineMs = 300_000;
// One for all environments: what it says is the same.
const infrastructure = unitNames.iac('production');

/** The units of the stages that are played, and of each service in each environment, those of an earlier one first. */
export function playedUnits({ deployment }: Pick<Plan, 'deployment'>, { builds }: { builds: boolean }): PlannedUnit[] {
  const { environments = [], services = [] } = deployment ?? {};
  const names = services.map(({ name }) => name);
  return [
    { unit: unitNames.gitops, service: 'gitops', after: [], gate: null, gateDeadlineMs },
    { unit: infrastructure, service: 'iac', after: [unitNames.gitops], gate: null, gateDeadlineMs },
    ...environments.flatMap((environment, index) =>
      targetUnits({ environment, names, before: environments[index - 1] }),
    ),
    ...(builds ? [built] : []),
  ];
}

const built: PlannedUnit = {
  unit: unitNames.build,
  service: 'build',
  after: [unitNames.gitops],
  gate: null,
  gateDeadlineMs,
};

interface Targets {
  environment: string;
  names: readonly string[];
  before: string | undefined;
}

function targetUnits({ environment, names, before }: Targets): PlannedUnit[] {
  const earlier = before === undefined ? [] : names.map((name) => unitNames.observe(before, name));
  const inputs = [infrastructure, ...earlier];
  return names.flatMap((name): PlannedUnit[] => {
    const deploy = unitNames.deploy(environment, name);
    const observe = unitNames.observe(environment, name);
    return [
      { unit: deploy, service: 'deploy', after: inputs, gate: inputs, gateDeadlineMs },
      { unit: observe, service: 'observability', after: [deploy], gate: null, gateDeadlineMs },
    ];
  });
}
