import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apiTokens, createSecret, parseEnv, runtimeEnv } from '@orchestra/runtime';
import { z } from 'zod';
import { parseRepositoryEntry, type RepositoryEntry } from './repositories.ts';

const secret = z.string().min(1).transform(createSecret);
const count = (fallback: number) => z.coerce.number().int().min(1).default(fallback);

const list = (fallback: string) =>
  z
    .string()
    .default(fallback)
    .transform((text) => text.split(/[\s,]+/).filter((part) => part !== ''));

/** What gitops reads from the environment, beside what every service reads. */
export const settings = z.object({
  /** Secret of the forge's webhook. */
  GITHUB_WEBHOOK_SECRET: secret,
  /** Older secrets that are still good, comma-separated. */
  GITHUB_WEBHOOK_PREVIOUS_SECRETS: list(''),
  /** Shows commit statuses; absent: none are shown. */
  GITHUB_TOKEN: secret.optional(),
  /** A GitHub App that is asked for what it could not deliver; needs GITHUB_APP_PRIVATE_KEY too. */
  GITHUB_APP_ID: z.string().min(1).optional(),
  /** PEM of the App's key; line breaks may be written as \\n. */
  GITHUB_APP_PRIVATE_KEY: secret.optional(),
  /** How often branches are looked at for pushes that the forge told nobody of. */
  MISSED_PUSHES_EVERY_MS: count(180_000),
  /** Another one is that of a GitHub of your own. */
  GITHUB_API_URL: z.url().default('https://api.github.com'),
  /** Where people reach the pages of runs. */
  PUBLIC_URL: z.url().optional(),
  /** Who may call `POST /trigger`: name:role:sha256 of the token, comma-separated. */
  API_TOKENS: apiTokens,
  /** The allow-list: owner/name, owner/* or owner/name=clone-url, comma-separated. */
  REPOSITORIES: z.string().min(1).transform(readEntries),
  /** Clone URL of entries that name none. */
  CLONE_URL_TEMPLATE: z.string().includes('{repository}').default('https://github.com/{repository}.git'),
  /** What git may speak: of https, ssh and file, comma-separated. */
  GIT_PROTOCOLS: list('https,ssh').pipe(z.array(z.enum(['https', 'ssh', 'file']))),
  /** Hosts that git may reach, comma-separated. */
  GIT_HOSTS: list('github.com'),
  /** Signs in to GIT_TOKEN_HOST over https. */
  GIT_TOKEN: secret.optional(),
  /** User name beside the token. */
  GIT_TOKEN_USER: z.string().min(1).default('x-access-token'),
  /** The one host that gets the token. */
  GIT_TOKEN_HOST: z.string().min(1).default('github.com'),
  /** Signs in over ssh; needs GIT_SSH_KNOWN_HOSTS_FILE too. */
  GIT_SSH_KEY_FILE: z.string().min(1).optional(),
  /** Keys of the hosts; needed with GIT_SSH_KEY_FILE. */
  GIT_SSH_KNOWN_HOSTS_FILE: z.string().min(1).optional(),
  /** Where commits are checked out for a moment. */
  GITOPS_WORK_DIR: z.string().min(1).default(join(tmpdir(), 'orchestra-gitops')),
  /** Most files of a commit. */
  GIT_MAX_FILES: count(100_000),
  /** Largest commit. */
  GIT_MAX_BYTES: count(1_073_741_824),
  /** How long git may get nothing. */
  GIT_IDLE_MS: count(60_000),
  /** How long one fetch may take. */
  GIT_TOTAL_MS: count(600_000),
  /** How long one request to the forge may take. */
  FORGE_REQUEST_MS: count(10_000),
  /** How long one status may take with its retries. */
  FORGE_TOTAL_MS: count(60_000),
  /** Whether pull requests from forks run. */
  ALLOW_FORKS: z.stringbool().default(false),
  /** After so many supersedes in a row a run of a branch is left to finish. */
  MAX_SUPERSEDES: count(5),
  /** Requests that are accepted at once; one more is answered 503 before it is read. */
  MAX_ACCEPTS: count(1000),
  /** Bytes of their bodies together; a body that has no room is answered 503 before it is read. */
  MAX_ACCEPT_BYTES: count(134_217_728),
  /** Where git is looked for. */
  PATH: z.string().default('/usr/local/bin:/usr/bin:/bin'),
});

export type GitopsSettings = z.output<typeof settings>;
export type GitopsConfig = ReturnType<typeof loadConfig>;

const environment = runtimeEnv.extend(settings.shape);

/**
 * Read by main.ts and nobody else. What a team sets stands in devops_orchestra.yaml, not here.
 *
 * @throws OrchestraError `CONFIG_INVALID`, naming every variable at fault
 */
export function loadConfig(env: NodeJS.ProcessEnv): z.output<typeof environment> {
  return parseEnv('gitops', environment, env);
}

function readEntries(text: string, context: z.RefinementCtx): RepositoryEntry[] {
  const parts = text.split(/[\s,]+/).filter((part) => part !== '');
  return parts.flatMap((part) => {
    const entry = parseRepositoryEntry(part);
    if (entry !== null) return [entry];
    context.addIssue({ code: 'custom', message: `${part} is not owner/name, owner/* or owner/name=clone-url` });
    return [];
  });
}
