import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createGit, type Git, type GitOptions } from './index.ts';

let folder: string;
let origin: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'orchestra-git-'));
  origin = join(folder, 'origin');
  git('init', '--quiet', '--initial-branch=main', origin);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function git(...argv: string[]): string {
  const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', '-c', 'commit.gpgsign=false'];
  const at = existsSync(origin) ? ['-C', origin] : [];
  return execFileSync('git', [...at, ...identity, ...argv], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim();
}

function commit(files: Record<string, string>, message = 'A change'): string {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(origin, name, '..'), { recursive: true });
    writeFileSync(join(origin, name), text);
  }
  git('add', '--all');
  git('commit', '--quiet', '--allow-empty', '--message', message);
  return git('rev-parse', 'HEAD');
}

function make(change: Partial<GitOptions> = {}): Git {
  return createGit({
    folder: join(folder, 'work'),
    searchPath: process.env['PATH'] ?? '',
    allowance: { protocols: ['file'], hosts: [] },
    credentials: { https: null, ssh: null },
    idleMs: 30_000,
    totalMs: 60_000,
    maxFiles: 1000,
    maxBytes: 10_000_000,
    ...change,
  });
}

const signal = AbortSignal.timeout(60_000);

describe('withCommit', () => {
  it('gives exactly the asked commit with author, subject, changed lines and files', async () => {
    const base = commit({ 'a.txt': '1\n2\n', 'gone.txt': 'x\n' });
    rmSync(join(origin, 'gone.txt'));
    const asked = commit({ 'a.txt': '1\nthree\nfour\n', 'folder/ä b.txt': 'new\n' }, 'Second\n\nBody');
    commit({ 'a.txt': 'later' });

    const seen = await make().withCommit(
      { url: `file://${origin}`, commit: asked, base, signal },
      async (copy, scratch) => {
        await copy.exportTo(scratch);
        const { baseCommit } = copy;
        const text = await copy.readText('a.txt', 100);
        const exported = readFileSync(join(scratch, 'folder/ä b.txt'), 'utf8');
        return {
          ...(await copy.describe()),
          baseCommit,
          text,
          exported,
          changed: await copy.changedFiles(),
          none: await copy.readText('no', 1),
        };
      },
    );

    expect(seen).toEqual({
      author: 'Ada',
      subject: 'Second',
      baseCommit: base,
      text: '1\nthree\nfour\n',
      exported: 'new\n',
      none: null,
      changed: [
        { path: 'a.txt', addedLines: 2, deletedLines: 1 },
        { path: 'folder/ä b.txt', addedLines: 1, deletedLines: 0 },
        { path: 'gone.txt', addedLines: 0, deletedLines: 1 },
      ],
    });
    expect(readdirSync(join(folder, 'work'))).toEqual([]);
  });

  it('goes on without a base that the repository no longer has', async () => {
    const asked = commit({ 'a.txt': '1' });

    const seen = await make().withCommit(
      { url: origin, commit: asked, base: 'b'.repeat(40), signal },
      async (copy) => ({
        base: copy.baseCommit,
        changed: await copy.changedFiles(),
      }),
    );

    expect(seen).toEqual({ base: null, changed: null });
  });

  it('reads a repository that names its objects by SHA-256', async () => {
    rmSync(origin, { recursive: true });
    git('init', '--quiet', '--object-format=sha256', origin);
    const base = commit({ 'a.txt': '1' });
    const asked = commit({ 'a.txt': '2' });

    const seen = await make().withCommit({ url: origin, commit: asked, base, signal }, async (copy) => ({
      text: await copy.readText('a.txt', 100),
      changed: await copy.changedFiles(),
    }));

    expect(seen).toEqual({ text: '2', changed: [{ path: 'a.txt', addedLines: 1, deletedLines: 1 }] });
  });

  it('says that a commit is missing, and does not ask for a retry', async () => {
    commit({ 'a.txt': '1' });

    const attempt = make().withCommit({ url: origin, commit: 'c'.repeat(40), base: null, signal }, async () => 1);

    await expect(attempt).rejects.toMatchObject({ code: 'GIT_COMMIT_MISSING', retriable: false });
  });

  it('asks for a retry when the repository does not answer', async () => {
    const attempt = make().withCommit(
      { url: join(folder, 'nowhere'), commit: 'c'.repeat(40), base: null, signal },
      async () => 1,
    );

    await expect(attempt).rejects.toMatchObject({ code: 'GIT_FETCH_FAILED', retriable: true });
  });

  it.each(['main', '--upload-pack=touch x', 'HEAD', 'abc', 'C'.repeat(40), `${'c'.repeat(40)} x`])(
    'refuses %j where a full SHA belongs',
    async (name) => {
      const attempt = make().withCommit({ url: origin, commit: name, base: null, signal }, async () => 1);

      await expect(attempt).rejects.toMatchObject({ code: 'GIT_COMMIT_MISSING' });
    },
  );

  it.each(['HEAD^{tree}', 'HEAD:a.txt', 'v1'])('takes nothing but commits: not %s', async (name) => {
    const base = commit({ 'a.txt': '1' });
    git('tag', '--annotate', '--message', 'One', 'v1');
    const asked = git('rev-parse', name);

    const attempt = make().withCommit({ url: origin, commit: asked, base, signal }, async () => 1);

    await expect(attempt).rejects.toMatchObject({ code: 'GIT_COMMIT_MISSING', retriable: false });
  });

  it('writes links as plain files and never reads through them', async () => {
    symlinkSync('/etc/passwd', join(origin, 'devops_orchestra.yaml'));
    symlinkSync('..', join(origin, 'up'));
    const asked = commit({});

    const seen = await make().withCommit({ url: origin, commit: asked, base: null, signal }, async (copy, scratch) => {
      await copy.exportTo(scratch);
      const read = await copy.readText('devops_orchestra.yaml', 1000).catch((error: unknown) => error);
      return {
        link: lstatSync(join(scratch, 'up')).isSymbolicLink(),
        text: readFileSync(join(scratch, 'up'), 'utf8'),
        read,
      };
    });

    expect(seen).toMatchObject({ link: false, text: '..', read: { code: 'PATH_OUTSIDE' } });
  });

  it('runs no hook, filter or submodule of the repository', async () => {
    const mark = join(folder, 'mark');
    const asked = commit({
      '.gitattributes': '* filter=evil diff=evil\n',
      '.gitmodules': `[submodule "x"]\n\tpath = x\n\turl = file://${folder}/x\n`,
      '.lfsconfig': '[lfs]\n\turl = http://127.0.0.1:1/\n',
      'hooks/post-checkout': `#!/bin/sh\ntouch ${mark}\n`,
      'a.txt': 'version https://git-lfs.github.com/spec/v1\n',
    });
    const hook = join(origin, '.git/hooks/post-checkout');
    mkdirSync(join(hook, '..'), { recursive: true });
    writeFileSync(hook, `#!/bin/sh\ntouch ${mark}\n`);
    chmodSync(hook, 0o755);

    const names = await make().withCommit({ url: origin, commit: asked, base: null, signal }, async (copy, scratch) => {
      await copy.exportTo(scratch);
      return readdirSync(scratch);
    });

    expect(names).toContain('a.txt');
    expect(names).not.toContain('.git');
    expect(existsSync(mark)).toBe(false);
  });

  it.each([
    { limit: 'files', change: { maxFiles: 1 } },
    { limit: 'bytes', change: { maxBytes: 100 } },
  ])('refuses a commit with too many $limit', async ({ change }) => {
    const asked = commit({ 'a.txt': '1'.repeat(200), 'b.txt': '2' });

    const attempt = make(change).withCommit({ url: origin, commit: asked, base: null, signal }, async () => 1);

    await expect(attempt).rejects.toMatchObject({ code: 'GIT_TOO_LARGE', retriable: false });
  });

  it('refuses to read a file beyond the cap', async () => {
    const asked = commit({ 'a.txt': '12345' });

    const attempt = make().withCommit({ url: origin, commit: asked, base: null, signal }, (copy) =>
      copy.readText('a.txt', 4),
    );

    await expect(attempt).rejects.toMatchObject({ code: 'ARTIFACT_TOO_LARGE' });
  });

  it('refuses a place that the configuration does not allow, before anything runs', async () => {
    const strict = make({ allowance: { protocols: ['https'], hosts: ['github.com'] } });

    const attempt = strict.withCommit({ url: origin, commit: 'c'.repeat(40), base: null, signal }, async () => 1);

    await expect(attempt).rejects.toMatchObject({ code: 'GIT_URL_REFUSED' });
    expect(existsSync(join(folder, 'work'))).toBe(false);
  });

  it('stops when it is asked to, and leaves nothing behind', async () => {
    const asked = commit({ 'a.txt': '1' });

    const attempt = make().withCommit(
      { url: origin, commit: asked, base: null, signal: AbortSignal.abort() },
      async () => 1,
    );

    await expect(attempt).rejects.toMatchObject({ name: 'AbortError' });
    expect(readdirSync(join(folder, 'work'))).toEqual([]);
  });
});

describe('listHeads', () => {
  it('says where HEAD and all branches stand, and nothing of other refs', async () => {
    const first = commit({ 'a.txt': '1' });
    git('tag', 'v1');
    git('update-ref', 'refs/remotes/origin/refs/heads/other', first);
    git('switch', '--quiet', '--create', 'feature/a');
    const second = commit({ 'a.txt': '2' });

    expect(await make().listHeads({ url: `file://${origin}`, signal })).toEqual(
      new Map([
        ['HEAD', second],
        ['refs/heads/feature/a', second],
        ['refs/heads/main', first],
      ]),
    );
    expect(readdirSync(join(folder, 'work'))).toEqual([]);
  });

  it('finds nothing in an empty repository', async () => {
    expect(await make().listHeads({ url: `file://${origin}`, signal })).toEqual(new Map());
  });

  it('refuses a place that is not allowed, and says when nobody answers', async () => {
    const refused = make().listHeads({ url: 'https://forge.example/a/b.git', signal });
    await expect(refused).rejects.toMatchObject({ code: 'GIT_URL_REFUSED' });
    const nobody = make().listHeads({ url: `file://${folder}/none.git`, signal });
    await expect(nobody).rejects.toMatchObject({ code: 'GIT_FETCH_FAILED', retriable: true });
  });
});
