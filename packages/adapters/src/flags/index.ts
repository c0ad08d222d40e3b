export { createFlagdFile } from './flagd-file.ts';
export { createFlagWebhook, type FlagWebhookOptions } from './flag-webhook.ts';
export { flagsEnv, openFlags } from './flags-env.ts';
export type { FlagChange, Flags } from './flags.ts';
