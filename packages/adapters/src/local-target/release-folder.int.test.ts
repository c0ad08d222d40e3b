import { describe, expect, it } from '@jest/globals';
import { createSampleService } from '@orchestra/testkit';
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { packFolder } from '../archive/pack-folder.ts';
import { ensureReleaseFolder } from './release-folder.ts';

const digest = `sha256:${'a'.repeat(64)}`;

function givenFolder(): string {
  return mkdtempSync(join(tmpdir(), 'orchestra-folder-'));
}

async function openSample(): Promise<Readable> {
  return packFolder(createSampleService(), { maxBytes: 1_000_000 });
}

describe('ensureReleaseFolder', () => {
  it('unpacks an archive once, also when two ask at the same time', async () => {
    const folder = givenFolder();

    const [first, second] = await Promise.all([
      ensureReleaseFolder({ folder, digest, open: openSample }),
      ensureReleaseFolder({ folder, digest, open: openSample }),
    ]);
    const third = await ensureReleaseFolder({ folder, digest, open: () => Promise.reject(new Error('opened again')) });

    expect([second, third]).toEqual([first, first]);
    expect(readdirSync(first)).toEqual(['main.mjs']);
    expect(readdirSync(join(folder, 'artifacts'))).toEqual(['a'.repeat(64)]);
  });

  it('leaves nothing behind when the archive is broken', async () => {
    const folder = givenFolder();

    const unpacking = ensureReleaseFolder({ folder, digest, open: async () => Readable.from(['no archive']) });

    await expect(unpacking).rejects.toMatchObject({ code: 'ARTIFACT_CORRUPT' });
    expect(readdirSync(join(folder, 'artifacts'))).toEqual([]);
  });

  it('refuses a name that is no digest', async () => {
    const opening = ensureReleaseFolder({
      folder: givenFolder(),
      digest: 'sha256:../x',
      open: async () => Readable.from([]),
    });

    await expect(opening).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
  });
});
