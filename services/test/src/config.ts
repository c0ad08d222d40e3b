import { workbenchEnv } from '@orchestra/adapters/workbench';
import { parseEnv, runtimeEnv } from '@orchestra/runtime';
import type { z } from 'zod';

/** What this service reads from the environment beside the runtime's. What a team sets stands in devops_orchestra.yaml. */
export const settings = workbenchEnv;

export type Settings = z.output<typeof settings>;

const testEnv = runtimeEnv.extend(settings.shape);

/** Read by main.ts and nobody else. @throws OrchestraError `CONFIG_INVALID` */
export function loadConfig(env: NodeJS.ProcessEnv): z.output<typeof testEnv> {
  return parseEnv('test', testEnv, env);
}
