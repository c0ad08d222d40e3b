import { z } from 'zod';
import type { RegistryOptions } from './image-registry.ts';

const names = z
  .string()
  .transform((text) => text.split(',').map((name) => name.trim()))
  .transform((list) => list.filter((name) => name !== ''));

/** What a service that asks registries for images reads from the environment. */
export const imageRegistryEnv = z.object({
  /** Folder of the configuration of docker, whose `config.json` has the credentials with which registries are asked. Absent: none are sent. */
  DOCKER_CONFIG: z.string().min(1).optional(),
  /** Registries without TLS that may be asked, as `host:port`, by commas. */
  REGISTRY_PLAIN_HOSTS: names.prefault(''),
});

const limitMs = 3_000;

/** The options that the settings name. */
export function toRegistryOptions(settings: z.output<typeof imageRegistryEnv>): RegistryOptions {
  return { dockerConfig: settings.DOCKER_CONFIG ?? null, plainHosts: settings.REGISTRY_PLAIN_HOSTS, limitMs };
}
