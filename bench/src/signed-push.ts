import { createHmac, randomBytes, randomUUID } from 'node:crypto';

/** What a forge sends: the body and the headers that belong to it. */
export interface SignedPush {
  body: Buffer;
  headers: Record<string, string>;
}

export interface Push {
  repository: string;
  branch: string;
  commit: string;
  /** The commit that the branch had before; absent: the branch is new. */
  before?: string;
  /** Size of the body; what the facts do not fill is filled by commits. */
  bytes: number;
}

/** A push event as GitHub delivers it, signed with the secret of the webhook. */
export function signPush(push: Push, secret: string): SignedPush {
  const empty = Buffer.byteLength(JSON.stringify(payloadOf(push, '')));
  const body = Buffer.from(JSON.stringify(payloadOf(push, 'x'.repeat(Math.max(0, push.bytes - empty)))));
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'GitHub-Hookshot/bench',
      'x-github-event': 'push',
      'x-github-delivery': randomUUID(),
      'x-hub-signature': `sha1=${createHmac('sha1', secret).update(body).digest('hex')}`,
      'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
    },
  };
}

/** The name of a commit that nobody has. */
export function anyCommit(): string {
  return randomBytes(20).toString('hex');
}

const nothing = '0'.repeat(40);

function payloadOf(push: Push, filling: string): object {
  const { repository, branch, commit, before = nothing } = push;
  const commits = [commitOf(push, filling)];
  return {
    ref: `refs/heads/${branch}`,
    before,
    after: commit,
    created: before === nothing,
    deleted: false,
    forced: false,
    base_ref: null,
    compare: `https://github.com/${repository}/compare/${commit.slice(0, 12)}`,
    commits,
    head_commit: commitOf(push, 'Change the shop'),
    repository: repositoryOf(repository),
    pusher: { name: 'ada', email: 'ada@example.org' },
    sender: { login: 'ada', id: 3, type: 'User' },
  };
}

function commitOf({ repository, commit }: Push, message: string): object {
  const person = { name: 'Ada', email: 'ada@example.org', username: 'ada' };
  return {
    id: commit,
    tree_id: commit,
    distinct: true,
    message,
    timestamp: '2026-01-01T00:00:00Z',
    url: `https://github.com/${repository}/commit/${commit}`,
    author: person,
    committer: person,
    added: [],
    removed: [],
    modified: ['src/main.ts'],
  };
}

function repositoryOf(repository: string): object {
  const [owner = '', name = ''] = repository.split('/');
  const url = `https://api.github.com/repos/${repository}`;
  const links = ['archive', 'branches', 'commits', 'compare', 'contents', 'forks', 'hooks', 'issues', 'keys', 'tags'];
  return {
    id: 1,
    name,
    full_name: repository,
    private: false,
    owner: { name: owner, login: owner, id: 2, type: 'User' },
    html_url: `https://github.com/${repository}`,
    url: `https://github.com/${repository}`,
    clone_url: `https://github.com/${repository}.git`,
    default_branch: 'main',
    ...Object.fromEntries(links.map((link) => [`${link}_url`, `${url}/${link}{/sha}`])),
  };
}
