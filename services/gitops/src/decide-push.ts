import type { Trigger } from '@orchestra/contracts';
import type { GithubEvent, PullRequestPayload, PushPayload } from './parse-github-event.ts';

/** The push as the run will know it, but for what configuration adds. */
export interface Push {
  repository: string;
  ref: string;
  branch: string | null;
  commit: string;
  before: string | null;
  author: string;
  message: string | null;
  trigger: Trigger;
  pullRequest: number | null;
}

export type IgnoreReason =
  | 'not_a_push'
  | 'branch_deleted'
  | 'not_a_branch'
  | 'skip_ci'
  | 'pull_request_action'
  | 'fork'
  | 'unknown_repository';

export type PushDecision = { kind: 'run'; push: Push } | { kind: 'ignore'; reason: IgnoreReason };

/** Whether a delivery becomes a run. Which branches run is decided later, by the pipeline file of the commit. */
export function decidePush(event: Exclude<GithubEvent, { kind: 'malformed' }>, allowForks: boolean): PushDecision {
  switch (event.kind) {
    case 'push':
      return decideBranchPush(event.payload);
    case 'pull_request':
      return decidePullRequest(event.payload, allowForks);
    case 'other':
      return ignore('not_a_push');
  }
}

function decideBranchPush(payload: PushPayload): PushDecision {
  const { ref, before, after, deleted, repository, head_commit: head } = payload;
  const message = head?.message ?? null;
  if (deleted || isZero(after)) return ignore('branch_deleted');
  if (!ref.startsWith('refs/heads/')) return ignore('not_a_branch');
  if (message !== null && asksToSkip(message)) return ignore('skip_ci');
  return {
    kind: 'run',
    push: {
      repository: repository.full_name,
      ref,
      branch: ref.slice('refs/heads/'.length),
      commit: after,
      before: isZero(before) ? null : before,
      author: authorOf(payload),
      message,
      trigger: 'PUSH',
      pullRequest: null,
    },
  };
}

function authorOf({ head_commit: head, pusher }: PushPayload): string {
  return head?.author?.name ?? pusher?.name ?? 'unknown';
}

const runningActions = ['opened', 'reopened', 'synchronize', 'ready_for_review'];

function decidePullRequest(payload: PullRequestPayload, allowForks: boolean): PushDecision {
  const { action, number, repository, pull_request: request } = payload;
  if (!runningActions.includes(action)) return ignore('pull_request_action');
  const isFork = request.head.repo?.full_name !== repository.full_name;
  if (isFork && !allowForks) return ignore('fork');
  if (asksToSkip(request.title)) return ignore('skip_ci');
  return {
    kind: 'run',
    push: {
      repository: repository.full_name,
      ref: `refs/pull/${number}/head`,
      branch: null,
      commit: request.head.sha,
      before: request.base.sha,
      author: request.user?.login ?? 'unknown',
      message: request.title,
      trigger: 'PULL_REQUEST',
      pullRequest: number,
    },
  };
}

/** Whether a commit's message asks for no run. */
export function asksToSkip(message: string): boolean {
  return message.includes('[skip ci]') || message.includes('[ci skip]');
}

// git's name for "no commit".
function isZero(sha: string): boolean {
  return /^0+$/.test(sha);
}

function ignore(reason: IgnoreReason): PushDecision {
  return { kind: 'ignore', reason };
}
