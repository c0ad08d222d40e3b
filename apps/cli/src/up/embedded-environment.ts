import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Credentials } from './credentials.ts';

type Environment = Readonly<Record<string, string | undefined>>;

interface Embedded {
  /** The data folder, absolute. */
  folder: string;
  credentials: Credentials;
  /** Allow-list entries: owner/name, owner/* or owner/name=clone-url. */
  repositories: readonly string[];
  environment: Environment;
}

/** What the services read in the embedded form: the caller's environment, and a data folder for everything else. */
export function embeddedEnvironment({ folder, credentials, repositories, environment }: Embedded): Environment {
  const { apiToken, webhookSecret, triggerToken } = credentials;
  const own = `local:admin:${sha256(apiToken)},trigger:operator:${sha256(triggerToken)}`;
  const local = repositories.some((entry) => entry.includes('=/') || entry.includes('=file:'));
  return {
    GITHUB_WEBHOOK_SECRET: webhookSecret,
    GIT_PROTOCOLS: local ? 'https,ssh,file' : 'https,ssh',
    GITOPS_WORK_DIR: join(folder, 'gitops'),
    WORKSPACES_DIR: join(folder, 'workspaces'),
    IAC_DIR: join(folder, 'iac'),
    LOCAL_TARGET_DIR: join(folder, 'target'),
    ...environment,
    // Those of the data folder stay good, or the command line could not reach its own platform.
    API_TOKENS: [own, environment['API_TOKENS'] ?? ''].filter((tokens) => tokens !== '').join(','),
    ...(repositories.length === 0 ? {} : { REPOSITORIES: repositories.join(',') }),
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
