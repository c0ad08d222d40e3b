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

/** How a platform answered a push. */
export interface PushAnswer {
  status: number;
  /** In how many seconds it is to be sent again; null: the answer does not say. */
  retryAfter: string | null;
  /** The run that it began, or that the same push began before; null: it was not accepted. */
  runId: string | null;
  text: string;
}

/**
 * Sends a signed push event to the webhook of a platform, as the forge would.
 *
 * @returns the id of the run that it began, or that the same push began before
 * @throws OrchestraError `SERVER_UNREACHABLE` when it is not accepted
 */
export async function sendPush(send: SendPush): Promise<string> {
  const { status, runId, text } = await offerPush(send);
  if (runId !== null) return runId;
  throw new OrchestraError('SERVER_UNREACHABLE', `The push was not accepted: ${status} ${text}`);
}

/** The same once, whatever the answer is. Rejects when there is none. */
export async function offerPush({ url, secret, push }: SendPush): Promise<PushAnswer> {
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
  const text = await response.text();
  const { runId }: { runId?: unknown } = JSON.parse(text);
  return {
    status: response.status,
    retryAfter: response.headers.get('retry-after'),
    runId: response.ok && typeof runId === 'string' ? runId : null,
    text,
  };
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
