import { apiTokens, createSecret, parseEnv, runtimeEnv } from '@orchestra/runtime';
import { z } from 'zod';

/** What chatops reads from the environment, beside what every service reads. */
export const settings = z.object({
  /** Who may use the API: name:role:sha256 of the token, comma-separated. Roles: viewer, operator, admin. */
  API_TOKENS: apiTokens,
  /** Posts messages; absent: Slack is not used. */
  SLACK_TOKEN: z.string().min(1).transform(createSecret).optional(),
  /** Where Slack is. */
  SLACK_API_URL: z.url().default('https://slack.com/api/'),
  /** How long one request to Slack may take. */
  SLACK_REQUEST_MS: z.coerce.number().int().min(1).default(10_000),
  /** Where runs are told of whose pipeline file could not be read, and so names no channel, and alerts that belong to no release. */
  SLACK_CHANNEL: z.string().min(1).optional(),
  /** Where people reach the pages of runs, for links in messages. */
  PUBLIC_URL: z.url().optional(),
});

export type ChatopsSettings = z.output<typeof settings>;
export type ChatopsConfig = ReturnType<typeof loadConfig>;

const environment = runtimeEnv.extend(settings.shape);

/**
 * Read by main.ts and nobody else. What a team sets stands in devops_orchestra.yaml, not here.
 *
 * @throws OrchestraError `CONFIG_INVALID`, naming every variable at fault
 */
export function loadConfig(env: NodeJS.ProcessEnv): z.output<typeof environment> {
  return parseEnv('chatops', environment, env);
}
