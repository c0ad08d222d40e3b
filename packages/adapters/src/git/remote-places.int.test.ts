import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { certificate, startHttpsOrigin, type HttpsOrigin } from './https-origin.fixture.ts';
import { createGit, type GitOptions } from './index.ts';

const path = process.env['PATH'] ?? '';
const authorization = `Basic ${Buffer.from('x-access-token:t0ken').toString('base64')}`;
const closers: (() => Promise<void>)[] = [];
let folder: string;
let tools: string;
let commit: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'orchestra-places-'));
  tools = join(folder, 'tools');
  mkdirSync(tools);
  const origin = join(folder, 'shop.git');
  const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', '-c', 'commit.gpgsign=false'];
  const git = (...argv: string[]) => execFileSync('git', ['-C', origin, ...identity, ...argv], { encoding: 'utf8' });
  execFileSync('git', ['init', '--quiet', '--initial-branch=main', origin]);
  writeFileSync(join(origin, 'a.txt'), 'from afar');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'A change');
  commit = git('rev-parse', 'HEAD').trim();
});

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
  rmSync(folder, { recursive: true, force: true });
});

function install(name: string, script: string): void {
  writeFileSync(join(tools, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

async function read(url: string, options: Pick<GitOptions, 'allowance' | 'credentials'>): Promise<string> {
  const git = createGit({
    ...options,
    folder: join(folder, 'work'),
    searchPath: [tools, path].join(delimiter),
    idleMs: 30_000,
    totalMs: 60_000,
    maxFiles: 1000,
    maxBytes: 10_000_000,
  });
  const request = { url, commit, base: null, signal: AbortSignal.timeout(60_000) };
  return git.withCommit(request, async (copy) => (await copy.readText('a.txt', 100)) ?? '');
}

async function startOrigin(): Promise<HttpsOrigin> {
  const origin = await startHttpsOrigin({ folder, path, authorization });
  closers.push(() => origin.close());
  writeFileSync(join(folder, 'ca.pem'), certificate);
  // Nothing else of what surrounds git is changed.
  install('git', `export GIT_SSL_CAINFO='${join(folder, 'ca.pem')}'; PATH='${path}'; exec git "$@"`);
  return origin;
}

describe('a commit of another machine', () => {
  it('comes over https with the token of its host', async () => {
    const { host, seen } = await startOrigin();

    const text = await read(`https://${host}/shop.git`, {
      allowance: { protocols: ['https'], hosts: [host] },
      credentials: { https: { host, user: 'x-access-token', token: 't0ken' }, ssh: null },
    });

    expect(text).toBe('from afar');
    expect(new Set(seen)).toEqual(new Set([authorization]));
  });

  it('is asked for without the token of another host, and nobody is asked for a password', async () => {
    const { host, seen } = await startOrigin();

    const reading = read(`https://${host}/shop.git`, {
      allowance: { protocols: ['https'], hosts: [host] },
      credentials: { https: { host: 'github.com', user: 'x-access-token', token: 't0ken' }, ssh: null },
    });

    await expect(reading).rejects.toMatchObject({ code: 'GIT_FETCH_FAILED' });
    expect(new Set(seen)).toEqual(new Set([undefined]));
  });

  it.each([
    ['the files that are named', { keyFile: "/keys/it's mine", knownHostsFile: '/keys/known' }],
    ['no identity where none is named', null],
  ])('comes over ssh with %s, and with nothing of who runs the platform', async (_what, ssh) => {
    // In place of ssh: what it is told, and then the command of the other side.
    install('ssh', `printf '%s\\n' "$@" > '${folder}/told'; for last in "$@"; do :; done; exec sh -c "$last"`);

    const text = await read(`git@git.test:${folder.slice(1)}/shop.git`, {
      allowance: { protocols: ['ssh'], hosts: ['git.test'] },
      credentials: { https: null, ssh },
    });

    expect(text).toBe('from afar');
    const told = readFileSync(join(folder, 'told'), 'utf8').split('\n');
    expect(told.slice(0, 2)).toEqual(['-F', '/dev/null']);
    expect(told).toEqual(expect.arrayContaining(['BatchMode=yes', 'IdentitiesOnly=yes', 'StrictHostKeyChecking=yes']));
    expect(told[told.indexOf('-i') + 1]).toBe(ssh?.keyFile ?? '/dev/null');
    expect(told).toContain(`UserKnownHostsFile=${ssh?.knownHostsFile ?? '/dev/null'}`);
  });
});
