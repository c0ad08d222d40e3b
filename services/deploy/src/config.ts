import { flagsEnv } from '@orchestra/adapters/flags';
import { imageRegistryEnv } from '@orchestra/adapters/image-registry';
import { kubernetesEnv } from '@orchestra/adapters/kubernetes';
import { localTargetEnv } from '@orchestra/adapters/local-target';
import { parseEnv, runtimeEnv, type RuntimeEnv } from '@orchestra/runtime';
import { z } from 'zod';
import { freezeEnv } from './freeze-settings.ts';
import { approverEnv } from './approver-groups.ts';

const renderEnv = z.object({
  /** Folder in which manifests, kustomizations and charts are rendered: the source of a run is there meanwhile, and nothing stays. */
  RENDER_DIR: z.string().min(1).default('/tmp/orchestra-render'),
  /** Where `kubectl`, `kustomize` and `helm` are looked up. */
  RENDER_PATH: z.string().min(1).default('/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'),
});

const driftEnv = z.object({
  /** How often releases in clusters are compared with what is there, in seconds. 0: never. */
  DRIFT_CHECK_SECONDS: z.coerce.number().int().min(0).default(60),
});

/** What deploy reads from the environment beside what every service reads. */
export const settings = localTargetEnv
  .extend(kubernetesEnv.shape)
  .extend(renderEnv.shape)
  .extend(imageRegistryEnv.shape)
  .extend(driftEnv.shape)
  .extend(freezeEnv.shape)
  .extend(flagsEnv.shape)
  .extend(approverEnv.shape);

export type Settings = z.output<typeof settings>;

/** Read by main.ts and nobody else. What a team sets stands in devops_orchestra.yaml, not here. */
export function loadConfig(env: NodeJS.ProcessEnv): RuntimeEnv & Settings {
  return parseEnv('deploy', runtimeEnv.extend(settings.shape), env);
}
