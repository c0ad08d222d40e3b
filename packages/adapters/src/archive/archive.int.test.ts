import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { pack, type Header } from 'tar-stream';
import { packFolder, readInside, resolveInside, unpackArchive, usualUnpackLimits } from './index.ts';

const maxBytes = 10_000_000;
let root: string;
let source: string;
let target: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'archive-'));
  source = join(root, 'source');
  target = join(root, 'target');
  await mkdir(join(source, 'sub/empty'), { recursive: true });
  await mkdir(target);
  await writeFile(join(source, 'file'), 'content');
  await writeFile(join(source, 'sub/run.sh'), '#!/bin/sh\n', { mode: 0o755 });
  await symlink('../file', join(source, 'sub/link'));
});
afterEach(async () => rm(root, { recursive: true, force: true }));

async function packed(options: Partial<Parameters<typeof packFolder>[1]> = {}): Promise<Buffer> {
  return buffer(packFolder(source, { maxBytes, ...options }));
}

describe('packFolder and unpackArchive', () => {
  it('bring files, folders, links and the right to execute from one side to the other', async () => {
    await unpackArchive(Readable.from([await packed()]), target, usualUnpackLimits);

    expect(await readFile(join(target, 'file'), 'utf8')).toBe('content');
    expect((await stat(join(target, 'sub/run.sh'))).mode & 0o777).toBe(0o755);
    expect(await readlink(join(target, 'sub/link'))).toBe('../file');
    expect(await readdir(join(target, 'sub'))).toEqual(['empty', 'link', 'run.sh']);
  });

  it('give the same bytes for the same content, whatever times and users it has', async () => {
    const first = await packed();
    await utimes(join(source, 'file'), new Date(1), new Date(1));
    await chmod(join(source, 'file'), 0o600);

    expect((await packed()).equals(first)).toBe(true);
  });

  it('pack only the asked paths, once each, without excluded names', async () => {
    await mkdir(join(source, 'sub/.git'));
    await writeFile(join(source, 'sub/.git/config'), '');

    const archive = await packed({ paths: ['sub/', './sub/run.sh', 'sub'], exclude: ['.git', 'empty'] });

    expect(list(archive)).toEqual(['sub', 'sub/link', 'sub/run.sh']);
  });

  it.each(['ENOSPC', 'EFBIG', 'EIO'])('do not take a disk that fails with %s for a broken archive', async (code) => {
    const failing = new Readable({ read() {} });
    failing.destroy(Object.assign(new Error('the disk'), { code }));

    await expect(unpackArchive(failing, target, usualUnpackLimits)).rejects.toMatchObject({ code });
  });

  it('unpack what the system tar made', async () => {
    const archive = execFileSync('tar', ['-C', source, '-czf', '-', '.']);

    await unpackArchive(Readable.from([archive]), target, usualUnpackLimits);

    expect(await readFile(join(target, 'file'), 'utf8')).toBe('content');
  });
});

describe('packFolder', () => {
  it.each([
    ['a path that leaves', { paths: ['../x'] }, 'PATH_OUTSIDE'],
    ['a path that does not exist', { paths: ['nothing'] }, 'NOT_FOUND'],
    ['more than the limit', { maxBytes: 5 }, 'ARTIFACT_TOO_LARGE'],
  ])('refuses %s', async (_what, options, code) => {
    await expect(packed(options)).rejects.toMatchObject({ code, retriable: false });
  });

  it.each([['/etc/shadow'], ['../../outside'], ['sub/../../x']])('refuses a link to %s', async (to) => {
    await symlink(to, join(source, 'bad'));

    await expect(packed()).rejects.toMatchObject({ code: 'PATH_OUTSIDE' });
  });

  it('refuses a pipe instead of waiting for it', async () => {
    execFileSync('mkfifo', [join(source, 'pipe')]);

    await expect(packed()).rejects.toMatchObject({ code: 'PATH_OUTSIDE' });
  });

  it('does not follow a folder that is a link to outside', async () => {
    await symlink(root, join(source, 'out'));

    await expect(packed({ paths: ['out/target'] })).rejects.toMatchObject({ code: 'PATH_OUTSIDE' });
  });
});

type Given = Partial<Header> & { name: string; body?: string };

describe('unpackArchive', () => {
  it.each<[string, Given[]]>([
    ['..', [{ name: '../evil', body: 'x' }]],
    ['an absolute path', [{ name: '/tmp/evil', body: 'x' }]],
    ['a NUL byte', [{ name: 'a\u0000b', type: 'symlink', linkname: '/x' }]],
    ['a hard link', [{ name: 'hard', type: 'link', linkname: '/etc/passwd' }]],
    ['a device', [{ name: 'disk', type: 'block-device', devmajor: 8, devminor: 0 }]],
    ['a pipe', [{ name: 'pipe', type: 'fifo' }]],
    ['an absolute link', [{ name: 'link', type: 'symlink', linkname: '/etc' }]],
    ['a link that leaves', [{ name: 'sub/link', type: 'symlink', linkname: '../../x' }]],
    [
      'a link that leaves through another',
      [
        { name: 'p/q/r/up', type: 'symlink', linkname: '../../..' },
        { name: 'out', type: 'symlink', linkname: 'p/q/r/up/..' },
      ],
    ],
    [
      'a file below a link',
      [
        { name: 'link', type: 'symlink', linkname: 'sub' },
        { name: 'link/file', body: 'x' },
      ],
    ],
    [
      'the same file twice',
      [
        { name: 'twice', body: 'x' },
        { name: 'twice', body: 'y' },
      ],
    ],
  ])('refuses %s and writes nothing outside', async (_what, entries) => {
    const before = await readdir(root);

    await expect(unpackArchive(archiveOf(entries), target, usualUnpackLimits)).rejects.toBeInstanceOf(Error);

    expect(await readdir(root)).toEqual(before);
  });

  it('does not write through a link that is there already', async () => {
    await symlink(source, join(target, 'sub'));
    const unpacking = unpackArchive(archiveOf([{ name: 'sub/file', body: 'evil' }]), target, usualUnpackLimits);

    await expect(unpacking).rejects.toMatchObject({ code: 'PATH_OUTSIDE' });
    expect(await readFile(join(source, 'file'), 'utf8')).toBe('content');
  });

  it('replaces files only when asked', async () => {
    await writeFile(join(target, 'file'), 'old');
    const entries = [{ name: 'file', body: 'new' }];

    await unpackArchive(archiveOf(entries), target, { ...usualUnpackLimits, overwrite: true });

    expect(await readFile(join(target, 'file'), 'utf8')).toBe('new');
    await expect(unpackArchive(archiveOf(entries), target, usualUnpackLimits)).rejects.toBeInstanceOf(Error);
  });

  it.each([
    [
      'too many entries',
      { maxBytes: 1_000, maxEntries: 1 },
      [
        { name: 'a', body: '' },
        { name: 'b', body: '' },
      ],
    ],
    ['too many bytes', { maxBytes: 1_000, maxEntries: 10 }, [{ name: 'a', body: 'x'.repeat(70_000_000) }]],
  ])('refuses %s', async (_what, limits, entries) => {
    await expect(unpackArchive(archiveOf(entries), target, limits)).rejects.toMatchObject({
      code: 'ARTIFACT_TOO_LARGE',
    });
  });

  it.each([
    ['no gzip', Buffer.from('not an archive')],
    ['no tar', gzipSync(Buffer.alloc(2_000, 'x'))],
    ['a cut archive', gzipSync(Buffer.alloc(1))],
  ])('calls %s corrupt', async (_what, bytes) => {
    await expect(unpackArchive(Readable.from([bytes]), target, usualUnpackLimits)).rejects.toMatchObject({
      code: 'ARTIFACT_CORRUPT',
    });
  });
});

describe('readInside', () => {
  it('reads a file, also through a link that stays inside', async () => {
    expect((await readInside(source, 'sub/link', 100)).toString()).toBe('content');
  });

  it.each([
    ['../source/file', 'PATH_OUTSIDE'],
    ['nothing', 'NOT_FOUND'],
    ['sub', 'PATH_OUTSIDE'],
    ['out/passwd', 'PATH_OUTSIDE'],
    ['pipe', 'PATH_OUTSIDE'],
  ])('refuses %s', async (path, code) => {
    await symlink('/etc', join(source, 'out'));
    execFileSync('mkfifo', [join(source, 'pipe')]);

    await expect(readInside(source, path, 100)).rejects.toMatchObject({ code });
  });

  it('refuses a file over the limit', async () => {
    await expect(readInside(source, 'file', 3)).rejects.toMatchObject({ code: 'ARTIFACT_TOO_LARGE' });
  });

  it('resolves the root itself', async () => {
    expect(await resolveInside(source, '.')).toBe(await resolveInside(source, ''));
  });
});

async function* archiveBytes(entries: readonly Given[]): AsyncGenerator<Buffer> {
  const archive = pack();
  for (const { body, ...header } of entries) archive.entry(header, body ?? '');
  archive.finalize();
  yield gzipSync(await buffer(archive));
}

function archiveOf(entries: readonly Given[]): Readable {
  return Readable.from(archiveBytes(entries));
}

function list(archive: Buffer): string[] {
  return execFileSync('tar', ['-tzf', '-'], { input: archive }).toString().trim().split('\n');
}
