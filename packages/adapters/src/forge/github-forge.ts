import type { Octokit } from 'octokit';
import { createOctokit, type GithubOptions } from './create-octokit.ts';
import { explainGithubError } from './explain-github-error.ts';

export type { GithubOptions } from './create-octokit.ts';

/** What the forge shows beside a commit. The same `context` is replaced, so repeating a status changes nothing. */
export interface CommitStatus {
  /** owner/name */
  repository: string;
  commit: string;
  context: string;
  state: 'pending' | 'success' | 'failure' | 'error';
  /** Cut at 140 characters. */
  description: string;
  /** Where people read more; null: nowhere. */
  url: string | null;
}

/** The forge that holds the repositories, as far as gitops writes to it. */
export interface Forge {
  /**
   * Shows a status beside a commit.
   *
   * @throws OrchestraError `FORGE_UNAVAILABLE` (retriable) or `FORGE_REFUSED` (not retriable)
   */
  setStatus(status: CommitStatus, signal: AbortSignal): Promise<void>;
}

/** What GitHub answers to a new status; fakes are held to it. */
export type GithubStatusAnswer = Awaited<ReturnType<Octokit['rest']['repos']['createCommitStatus']>>['data'];

/**
 * GitHub by a token: commit statuses, because checks can be written by a GitHub App only.
 *
 * @see GitHub REST API, "Create a commit status"
 */
export function createGithubForge(options: GithubOptions): Forge {
  let octokit: Promise<Octokit> | null = null;
  return {
    async setStatus({ repository, commit, context, state, description, url }, signal) {
      octokit ??= createOctokit(options);
      const client = await octokit;
      const [owner = '', repo = ''] = repository.split('/');
      const deadline = AbortSignal.any([signal, AbortSignal.timeout(options.totalMs)]);
      try {
        await client.rest.repos.createCommitStatus({
          owner,
          repo,
          sha: commit,
          context,
          state,
          description: cut(description, 140),
          ...(url === null ? {} : { target_url: url }),
          request: { signal: deadline },
        });
      } catch (error) {
        signal.throwIfAborted();
        throw explainGithubError(error, 'the status');
      }
    },
  };
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
