import { parseEnv, runtimeEnv, type RuntimeEnv } from '@orchestra/runtime';
import { z } from 'zod';

/** What rollback reads from the environment beside what every service reads. */
export const settings = z.object({
  /** Folder of the supervisor of the local target; deploy, observability and rollback share it. */
  LOCAL_TARGET_DIR: z.string().min(1).default('/var/lib/orchestra/target'),
  /** `auto`: released processes run in bubblewrap where it works here. */
  LOCAL_TARGET_SANDBOX: z.enum(['auto', 'bubblewrap', 'process']).default('auto'),
  /** Where released programs are looked up. */
  LOCAL_TARGET_PATH: z.string().min(1).default('/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'),
});

export type Settings = z.output<typeof settings>;

/** Read by main.ts and nobody else. What a team sets stands in devops_orchestra.yaml, not here. */
export function loadConfig(env: NodeJS.ProcessEnv): RuntimeEnv & Settings {
  return parseEnv('rollback', runtimeEnv.extend(settings.shape), env);
}
