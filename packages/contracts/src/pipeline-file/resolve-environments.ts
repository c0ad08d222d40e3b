import type { PipelineFile } from './schema.ts';

/** The environments in the order of promotion, also from the older staged form. */
export function resolveEnvironments({
  deployment,
  pipeline,
}: Pick<PipelineFile, 'deployment' | 'pipeline'>): readonly string[] {
  const written = deployment?.environments?.map((environment) => environmentName(environment));
  return written ?? [pipeline?.deploy_environment ?? 'production'];
}

type WrittenEnvironment = NonNullable<NonNullable<PipelineFile['deployment']>['environments']>[number];

function environmentName(environment: WrittenEnvironment): string {
  return typeof environment === 'string' ? environment : environment.name;
}

/** The environments that are marked as made to be thrown away. */
export function resolveEphemeral(deployment: PipelineFile['deployment']): readonly string[] {
  return (deployment?.environments ?? []).flatMap((environment) =>
    typeof environment !== 'string' && environment.ephemeral ? [environment.name] : [],
  );
}
