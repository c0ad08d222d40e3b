import { z } from 'zod';
import type { ConnectOptions } from './connect.ts';
import { usualMemoryMb } from './view.ts';

/** Where the local target is: all that a service needs which only looks at it. */
export const localTargetPlaceEnv = z.object({
  /** Folder of the supervisor of the local target; deploy, observability and rollback share it. */
  LOCAL_TARGET_DIR: z.string().min(1).default('/var/lib/orchestra/target'),
});

/** What a service that starts releases on the local target reads from the environment. */
export const localTargetEnv = localTargetPlaceEnv.extend({
  /** `auto`: released processes run in bubblewrap where it works here; without it every run says so. */
  LOCAL_TARGET_SANDBOX: z.enum(['auto', 'bubblewrap', 'process']).default('bubblewrap'),
  /** Most memory of one process of a release and all that it starts. */
  LOCAL_TARGET_MEMORY_MB: z.coerce.number().int().min(64).default(usualMemoryMb),
  /** Where released programs are looked up. */
  LOCAL_TARGET_PATH: z.string().min(1).default('/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'),
});

/** The options that the settings name. */
export function toConnectOptions(settings: z.output<typeof localTargetEnv>): ConnectOptions {
  const { LOCAL_TARGET_DIR: folder, LOCAL_TARGET_SANDBOX: mode, LOCAL_TARGET_PATH: path } = settings;
  return { folder, mode, path, memoryMb: settings.LOCAL_TARGET_MEMORY_MB };
}
