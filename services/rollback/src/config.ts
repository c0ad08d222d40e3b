import { flagsEnv } from '@orchestra/adapters/flags';
import { kubernetesEnv } from '@orchestra/adapters/kubernetes';
import { localTargetEnv } from '@orchestra/adapters/local-target';
import { parseEnv, runtimeEnv, type RuntimeEnv } from '@orchestra/runtime';
import type { z } from 'zod';

/** What rollback reads from the environment beside what every service reads. */
export const settings = localTargetEnv.extend(kubernetesEnv.shape).extend(flagsEnv.shape);

export type Settings = z.output<typeof settings>;

/** Read by main.ts and nobody else. What a team sets stands in devops_orchestra.yaml, not here. */
export function loadConfig(env: NodeJS.ProcessEnv): RuntimeEnv & Settings {
  return parseEnv('rollback', runtimeEnv.extend(settings.shape), env);
}
