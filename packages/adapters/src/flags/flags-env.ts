import { createSecret } from '@orchestra/runtime';
import { z } from 'zod';
import { createFlagWebhook } from './flag-webhook.ts';
import { createFlagdFile } from './flagd-file.ts';
import type { Flags } from './flags.ts';

const url = z.url({ protocol: /^https?$/ });

/** What a service that changes feature flags reads from the environment. */
export const flagsEnv = z.object({
  /** Where changes of flags are posted. */
  FLAGS_WEBHOOK_URL: url.optional(),
  /** The bearer of these requests. */
  FLAGS_WEBHOOK_TOKEN: z.string().min(1).transform(createSecret).optional(),
  /** The file of flagd; `{environment}` in it stands for the environment. Used where there is no webhook. */
  FLAGD_FILE: z.string().min(1).optional(),
});

/** What the settings name; undefined: nothing keeps flags here. */
export function openFlags(settings: z.output<typeof flagsEnv>): Flags | undefined {
  const { FLAGS_WEBHOOK_URL: webhook, FLAGS_WEBHOOK_TOKEN: token, FLAGD_FILE: file } = settings;
  if (webhook !== undefined) {
    return createFlagWebhook({ url: webhook, token: token?.reveal() ?? null, requestMs: 2_000, retries: 3 });
  }
  return file === undefined ? undefined : createFlagdFile((name) => file.replaceAll('{environment}', name));
}
