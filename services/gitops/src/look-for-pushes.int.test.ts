import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sign } from '@octokit/webhooks-methods';
import type { RunState } from '@orchestra/contracts';
import {
  aGithubDelivery,
  eventually,
  startFakeGithubApp,
  startService,
  type FakeGithubApp,
  type StartedService,
} from '@orchestra/testkit';
import { settings } from './config.ts';
import { createPorts } from './create-ports.ts';
import { webhookSecret } from './ports-for-routes.fixture.ts';
import { createService } from './service.ts';

const repository = 'acme/shop';
const nothing = '0'.repeat(40);
let folder: string;
let origin: string;
let github: FakeGithubApp;
let gitops: StartedService;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'orchestra-look-'));
  origin = join(folder, 'origin');
  execFileSync('git', ['init', '--quiet', '--initial-branch=main', origin]);
  github = await startFakeGithubApp();
});

afterEach(async () => {
  await gitops.close();
  await github.close();
  rmSync(folder, { recursive: true, force: true });
});

function git(...argv: string[]): string {
  const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', ['-C', origin, ...identity, ...argv], { encoding: 'utf8' }).trim();
}

interface Pushed {
  ref: string;
  before: string;
  after: string;
}

function push(branch: string, message: string): Pushed {
  const ref = `refs/heads/${branch}`;
  const listed = git('for-each-ref', '--format=%(objectname)', ref);
  git('checkout', '--quiet', listed === '' ? '-b' : '-q', branch);
  git('commit', '--quiet', '--allow-empty', '--message', message);
  return { ref, before: listed === '' ? nothing : listed, after: git('rev-parse', 'HEAD') };
}

async function start(): Promise<void> {
  const { appId, privateKey, url } = github;
  const environment = {
    GITHUB_WEBHOOK_SECRET: webhookSecret,
    GITHUB_API_URL: url,
    GITHUB_APP_ID: appId,
    GITHUB_APP_PRIVATE_KEY: privateKey.replaceAll('\n', '\\n'),
    MISSED_PUSHES_EVERY_MS: '500',
    REPOSITORIES: `${repository}=file://${origin}`,
    GIT_PROTOCOLS: 'file',
    GITOPS_WORK_DIR: join(folder, 'work'),
    PATH: process.env['PATH'],
  };
  gitops = await startService(createService(createPorts(settings.parse(environment))), join(folder, 'data'));
}

/** Waits until a look that began after this call is over. */
async function looked(): Promise<void> {
  const before = github.seen.length;
  // Each look ends with the question for deliveries; the second one from now began after now.
  await eventually({ see: () => github.seen.length, until: (seen) => seen >= before + 2 });
}

function runs(): Promise<RunState[]> {
  return gitops.backends.store.listRuns({ repository, limit: 100, before: null });
}

async function deliver({ ref, before, after }: Pushed, pushedAt = new Date()): Promise<{ duplicate: boolean }> {
  const body = JSON.stringify({
    ref,
    before,
    after,
    deleted: false,
    repository: { full_name: repository, pushed_at: Math.floor(pushedAt.getTime() / 1000) },
    head_commit: { message: 'told', author: { name: 'Ada' } },
  });
  const headers = {
    'content-type': 'application/json',
    'x-github-event': 'push',
    'x-github-delivery': after,
    'x-hub-signature-256': await sign(webhookSecret, body),
  };
  const response = await fetch(`${gitops.url}/webhooks/github`, { method: 'POST', body, headers });
  return JSON.parse(await response.text());
}

describe('pushes that nobody told of', () => {
  it('make nothing at the first look ever, however many branches there are', async () => {
    push('main', 'old');
    push('feature', 'old too');

    await start();
    await looked();

    expect(await runs()).toEqual([]);
    expect(await gitops.backends.store.readHeads(repository)).toHaveLength(3);
  });

  it('make one run of the last of 20 on each branch, and none more when they are told of late', async () => {
    push('main', 'old');
    await start();
    await looked();
    await gitops.close();
    const missed = Array.from({ length: 20 }, (_, index) =>
      push(index % 4 === 3 ? 'feature' : 'main', `missed ${index}`),
    );

    await start();
    await eventually({ see: async () => (await runs()).length, until: (count) => count === 2 });
    const late = await Promise.all(missed.toReversed().map((each) => deliver(each, new Date(Date.now() - 60_000))));
    await looked();

    const found = await runs();
    expect(new Map(found.map(({ branch, message }) => [branch, message]))).toEqual(
      new Map([
        ['feature', 'missed 19'],
        ['main', 'missed 18'],
      ]),
    );
    expect(found.map(({ author, wishes }) => [author, wishes])).toEqual([
      ['Ada', []],
      ['Ada', []],
    ]);
    expect(late.every(({ duplicate }) => duplicate)).toBe(true);
  });

  it('make no second run beside the one that they were told of, and a new push makes its own', async () => {
    push('main', 'old');
    await start();
    await looked();

    const told = push('main', 'told');
    await deliver(told);
    await looked();
    const next = push('main', 'next');
    await eventually({ see: async () => (await runs()).length, until: (count) => count === 2 });
    const late = await deliver(next);
    await looked();

    expect(late).toMatchObject({ duplicate: true });
    expect((await runs()).map(({ commit }) => commit)).toEqual([next.after, told.after]);
  });

  it('make nothing of a commit that asks to be skipped, nor of a branch that went away', async () => {
    push('main', 'old');
    push('feature', 'old');
    await start();
    await looked();

    const skipped = push('main', 'docs [skip ci]');
    git('branch', '--delete', '--force', 'feature');
    await looked();

    expect(await runs()).toEqual([]);
    expect(await gitops.backends.store.readHeads(repository)).toMatchObject([
      { ref: 'HEAD' },
      { ref: 'refs/heads/main', commit: skipped.after },
    ]);
  });

  it('are asked for again where the forge could not deliver them, but not those from before the first look', async () => {
    push('main', 'old');
    github.deliveries.push(aGithubDelivery({ id: 1, guid: 'old', delivered_at: '2026-01-01T00:00:00Z' }));
    await start();
    await looked();
    const later = new Date(Date.now() + 1000).toISOString();

    github.deliveries.unshift(
      aGithubDelivery({ id: 3, guid: 'failed', delivered_at: later, event: 'pull_request' }),
      aGithubDelivery({ id: 2, guid: 'taken', delivered_at: later, status_code: 202 }),
    );
    await eventually({ see: () => github.askedAgain.length, until: (count) => count === 3 });
    await looked();

    // It fails each time: then it is given up.
    expect(github.askedAgain).toEqual([3, 4, 5]);
  });
});
