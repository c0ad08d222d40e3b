import { createHmac, randomUUID } from 'node:crypto';
import { OrchestraError } from '@orchestra/contracts';

/** A push as GitHub tells it. */
export interface PushEvent {
  repository: string;
  before: string;
  after: string;
  message: string;
  author: string;
}

interface SendPush {
  url: string;
  secret: string;
  push: PushEvent;
}

/**
 * Sends a signed push event to the webhook of a platform, as the forge would.
 *
 * @returns the id of the run that it began, or that the same push began before
 * @throws OrchestraError `SERVER_UNREACHABLE` when it is not accepted
 */
export async function sendPush({ url, secret, push }: SendPush): Promise<string> {
  const body = JSON.stringify(payloadOf(push));
  const response = await fetch(`${url}/webhooks/github`, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'x-github-event': 'push',
      'x-github-delivery': randomUUID(),
      'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
    },
  });
  const answer: { runId?: unknown } = JSON.parse(await response.text());
  if (response.ok && typeof answer.runId === 'string') return answer.runId;
  throw new OrchestraError(
    'SERVER_UNREACHABLE',
    `The push was not accepted: ${response.status} ${JSON.stringify(answer)}`,
  );
}

function payloadOf({ repository, before, after, message, author }: PushEvent): object {
  const [owner = '', name = ''] = repository.split('/');
  const person = { name: author, email: `${author}@example.test`, username: author };
  const commit = { id: after, message, timestamp: '2026-01-01T00:00:00Z', author: person, committer: person };
  const fork = { id: 1, name, full_name: repository, private: true, fork: false, default_branch: 'main' };
  return {
    ref: 'refs/heads/main',
    before,
    after,
    created: /^0+$/.test(before),
    deleted: false,
    forced: false,
    base_ref: null,
    compare: `https://github.com/${repository}/compare`,
    commits: [commit],
    head_commit: commit,
    pusher: { name: author, email: person.email },
    sender: { login: author, id: 1, type: 'User' },
    repository: {
      ...fork,
      owner: { login: owner, id: 1, name: owner },
      clone_url: `https://github.com/${repository}.git`,
    },
  };
}
