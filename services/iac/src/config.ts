import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openaiEnv } from '@orchestra/adapters/openai';
import { sandboxEnv } from '@orchestra/adapters/workbench';
import { parseEnv, runtimeEnv, type RuntimeEnv } from '@orchestra/runtime';
import { z } from 'zod';

/** What iac reads from the environment beside what every service reads. */
export const settings = sandboxEnv.extend({
  ...openaiEnv.shape,
  /** Folder of the workspaces, the providers, and of state without a backend. The user inside the sandbox has to be able to pass it. */
  IAC_DIR: z.string().min(1).default(join(tmpdir(), 'orchestra-iac')),
  /** Names of variables that the tool gets, comma-separated: credentials, TF_CLI_CONFIG_FILE, proxies. Their values are hidden in all that it says. */
  IAC_PASS_ENV: z
    .string()
    .default('')
    .transform((names) => names.split(',').filter((name) => name !== '')),
  /** Where providers are installed from instead of their registries: an absolute folder, or an `https:` address. */
  IAC_PROVIDER_MIRROR: z
    .string()
    .regex(/^(\/|https:\/\/)/, 'must be an absolute path or an https: address')
    .optional(),
  /** Seconds between two looks whether a comparison with the world is due. How often that is, the pipeline file says. */
  IAC_LOOK_SECONDS: z.coerce.number().min(1).max(86_400).default(60),
});

export type Settings = z.output<typeof settings>;

/** Read by main.ts and nobody else. */
export function loadConfig(env: NodeJS.ProcessEnv): RuntimeEnv & Settings & { passed: Record<string, string> } {
  const config = parseEnv('iac', runtimeEnv.extend(settings.shape), env);
  return { ...config, passed: passedFrom(env, config.IAC_PASS_ENV) };
}

/** The variables that the tool gets from our own environment. */
export function passedFrom(env: NodeJS.ProcessEnv, names: readonly string[]): Record<string, string> {
  const entries = names.flatMap((name) => {
    const value = env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(entries);
}
