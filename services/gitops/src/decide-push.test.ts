import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import { decidePush, type PushDecision } from './decide-push.ts';
import { parseGithubEvent } from './parse-github-event.ts';

// A JSON file behind a package's door; its own types do not fit a list.
const examples: { name: string; examples: object[] }[] = createRequire(import.meta.url)('@octokit/webhooks-examples');

const zero = '0'.repeat(40);
const push = {
  ref: 'refs/heads/main',
  before: 'b'.repeat(40),
  after: 'a'.repeat(40),
  deleted: false,
  repository: { full_name: 'acme/shop' },
  pusher: { name: 'ada' },
  head_commit: { message: 'Change', author: { name: 'Ada' } },
};
const request = {
  action: 'opened',
  number: 7,
  repository: { full_name: 'acme/shop' },
  pull_request: {
    title: 'Better',
    user: { login: 'ada' },
    base: { sha: 'b'.repeat(40), repo: { full_name: 'acme/shop' } },
    head: { sha: 'a'.repeat(40), ref: 'better', repo: { full_name: 'acme/shop' } },
  },
};

function decide(name: string, payload: object, allowForks = false): PushDecision | 'malformed' {
  const event = parseGithubEvent(name, payload);
  return event.kind === 'malformed' ? 'malformed' : decidePush(event, allowForks);
}

describe('decidePush', () => {
  it('runs a push to a branch', () => {
    expect(decide('push', push)).toEqual({
      kind: 'run',
      push: {
        repository: 'acme/shop',
        ref: 'refs/heads/main',
        branch: 'main',
        commit: push.after,
        before: push.before,
        author: 'Ada',
        message: 'Change',
        trigger: 'PUSH',
        pullRequest: null,
      },
    });
  });

  it.each([
    { when: 'the branch is new', change: { before: zero }, expected: { before: null } },
    {
      when: 'nobody is named',
      change: { head_commit: null, pusher: null },
      expected: { author: 'unknown', message: null },
    },
    {
      when: 'the branch looks like an option',
      change: { ref: 'refs/heads/--upload-pack=x' },
      expected: { branch: '--upload-pack=x' },
    },
    {
      when: 'the branch looks like a command',
      change: { ref: 'refs/heads/$(touch${IFS}x)' },
      expected: { branch: '$(touch${IFS}x)' },
    },
  ])('runs it too when $when', ({ change, expected }) => {
    expect(decide('push', { ...push, ...change })).toMatchObject({ kind: 'run', push: expected });
  });

  it.each([
    { reason: 'branch_deleted', change: { deleted: true, after: zero } },
    { reason: 'branch_deleted', change: { after: zero } },
    { reason: 'not_a_branch', change: { ref: 'refs/tags/v1' } },
    { reason: 'not_a_branch', change: { ref: 'refs/notes/x' } },
    { reason: 'skip_ci', change: { head_commit: { message: 'Docs [skip ci]', author: null } } },
    { reason: 'skip_ci', change: { head_commit: { message: '[ci skip] Docs', author: null } } },
  ])('ignores a push: $reason', ({ reason, change }) => {
    expect(decide('push', { ...push, ...change })).toEqual({ kind: 'ignore', reason });
  });

  it('runs a pull request of the repository itself, counted against its base', () => {
    expect(decide('pull_request', request)).toMatchObject({
      kind: 'run',
      push: { ref: 'refs/pull/7/head', branch: null, trigger: 'PULL_REQUEST', pullRequest: 7, before: 'b'.repeat(40) },
    });
  });

  it.each([
    { reason: 'pull_request_action', change: { action: 'closed' } },
    {
      reason: 'fork',
      change: {
        pull_request: {
          ...request.pull_request,
          head: { ...request.pull_request.head, repo: { full_name: 'eve/shop' } },
        },
      },
    },
    {
      reason: 'fork',
      change: { pull_request: { ...request.pull_request, head: { ...request.pull_request.head, repo: null } } },
    },
    { reason: 'skip_ci', change: { pull_request: { ...request.pull_request, title: '[skip ci]' } } },
  ])('ignores a pull request: $reason', ({ reason, change }) => {
    expect(decide('pull_request', { ...request, ...change })).toEqual({ kind: 'ignore', reason });
  });

  it('runs a fork where the operator allows it', () => {
    const head = { ...request.pull_request.head, repo: { full_name: 'eve/shop' } };

    expect(decide('pull_request', { ...request, pull_request: { ...request.pull_request, head } }, true)).toMatchObject(
      {
        kind: 'run',
      },
    );
  });

  it.each([
    ['no ref', { ref: undefined }],
    ['a ref that is a number', { ref: 7 }],
    ['a line break in the ref', { ref: 'refs/heads/a\nb' }],
    ['half a character in the ref', { ref: 'refs/heads/\uD800' }],
    ['a short commit', { after: 'abc' }],
    ['an option as commit', { after: '--upload-pack=x' }],
    ['no repository', { repository: undefined }],
    ['a repository that is a list', { repository: [] }],
  ])('calls %s malformed', (_name, change) => {
    expect(decide('push', { ...push, ...change })).toBe('malformed');
  });

  it('calls a payload malformed that belongs to another event', () => {
    expect([decide('push', request), decide('pull_request', push)]).toEqual(['malformed', 'malformed']);
  });

  it('makes runs of exactly the branch pushes among the recorded events', () => {
    const all = examples.flatMap(({ name, examples: payloads }) => payloads.map((payload) => ({ name, payload })));
    const decided = all.map(({ name, payload }) => ({ name, decision: decide(name, payload) }));
    const pushes = decided.filter(({ name }) => name === 'push').map(({ decision }) => decision);

    expect(all.length).toBeGreaterThan(300);
    expect(decided.filter(({ decision }) => decision === 'malformed')).toEqual([]);
    expect(pushes.filter((each) => each !== 'malformed' && each.kind === 'run')).toHaveLength(2);
    expect(pushes).toHaveLength(7);
  });
});
