import { workbenchEnv } from '@orchestra/adapters/workbench';
import { parseEnv, runtimeEnv } from '@orchestra/runtime';
import { z } from 'zod';

/** What this service reads from the environment beside the runtime's. What a team sets stands in devops_orchestra.yaml. */
export const settings = workbenchEnv.extend({
  /** Push images to the registry of their name. */
  IMAGE_PUSH: z.stringbool().default(false),
  /** Where the engine of docker is. */
  DOCKER_HOST: z.string().min(1).optional(),
  /** Folder of the configuration of docker. */
  DOCKER_CONFIG: z.string().min(1).optional(),
  /** Where docker or buildah find their own configuration. */
  HOME: z.string().min(1).optional(),
});

export type Settings = z.output<typeof settings>;

const buildEnv = runtimeEnv.extend(settings.shape);

/** Read by main.ts and nobody else. @throws OrchestraError `CONFIG_INVALID` */
export function loadConfig(env: NodeJS.ProcessEnv): z.output<typeof buildEnv> {
  return parseEnv('build', buildEnv, env);
}
