import { packFolder } from '@orchestra/adapters/archive';
import {
  createGithubDeliveries,
  createGithubForge,
  createWebhookReader,
  type Deliveries,
  type Forge,
  type GithubLimits,
} from '@orchestra/adapters/forge';
import { createGit, type GitCredentials } from '@orchestra/adapters/git';
import type { GitopsSettings } from './config.ts';
import type { Ports } from './ports.ts';

/** The real ports of gitops: git, GitHub, and the operator's lists. */
export function createPorts(settings: GitopsSettings): Ports {
  return {
    git: createGit({
      folder: settings.GITOPS_WORK_DIR,
      searchPath: settings.PATH,
      allowance: { protocols: settings.GIT_PROTOCOLS, hosts: settings.GIT_HOSTS.map((host) => host.toLowerCase()) },
      credentials: credentialsOf(settings),
      idleMs: settings.GIT_IDLE_MS,
      totalMs: settings.GIT_TOTAL_MS,
      maxFiles: settings.GIT_MAX_FILES,
      maxBytes: settings.GIT_MAX_BYTES,
    }),
    forge: createForge(settings),
    deliveries: createDeliveries(settings),
    lookEveryMs: settings.MISSED_PUSHES_EVERY_MS,
    webhooks: createWebhookReader({
      current: settings.GITHUB_WEBHOOK_SECRET.reveal(),
      previous: settings.GITHUB_WEBHOOK_PREVIOUS_SECRETS,
    }),
    pack: (folder, signal) => packFolder(folder, { maxBytes: settings.GIT_MAX_BYTES, signal }),
    repositories: { entries: settings.REPOSITORIES, template: settings.CLONE_URL_TEMPLATE },
    tokens: settings.API_TOKENS,
    allowForks: settings.ALLOW_FORKS,
    maxSupersedes: settings.MAX_SUPERSEDES,
    accepts: { maxAtOnce: settings.MAX_ACCEPTS, maxBytes: settings.MAX_ACCEPT_BYTES },
    publicUrl: settings.PUBLIC_URL?.replace(/\/+$/, '') ?? null,
  };
}

function createForge(settings: GitopsSettings): Forge | null {
  if (settings.GITHUB_TOKEN === undefined) return null;
  return createGithubForge({ token: settings.GITHUB_TOKEN.reveal(), ...limitsOf(settings) });
}

function createDeliveries(settings: GitopsSettings): Deliveries | null {
  const { GITHUB_APP_ID: appId, GITHUB_APP_PRIVATE_KEY: key } = settings;
  if (appId === undefined || key === undefined) return null;
  return createGithubDeliveries({ appId, privateKey: key.reveal().replaceAll('\\n', '\n'), ...limitsOf(settings) });
}

function limitsOf(settings: GitopsSettings): GithubLimits {
  return {
    baseUrl: settings.GITHUB_API_URL.replace(/\/+$/, ''),
    requestMs: settings.FORGE_REQUEST_MS,
    totalMs: settings.FORGE_TOTAL_MS,
    retries: 2,
    retryBaseMs: 1000,
  };
}

function credentialsOf(settings: GitopsSettings): GitCredentials {
  const { GIT_TOKEN: token, GIT_TOKEN_USER: user, GIT_TOKEN_HOST: host } = settings;
  const { GIT_SSH_KEY_FILE: keyFile, GIT_SSH_KNOWN_HOSTS_FILE: knownHostsFile } = settings;
  return {
    https: token === undefined ? null : { host, user, token: token.reveal() },
    ssh: keyFile === undefined || knownHostsFile === undefined ? null : { keyFile, knownHostsFile },
  };
}
