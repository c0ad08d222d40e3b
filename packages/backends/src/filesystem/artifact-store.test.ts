import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testArtifactStore } from '@orchestra/testkit';
import { createFolderArtifactStore } from './artifact-store.ts';

testArtifactStore('on a folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'artifacts-'));
  const maxBytes = 1_000_000;
  return {
    store: createFolderArtifactStore({ folder, maxBytes }),
    maxBytes,
    async corrupt(digest) {
      const hex = digest.slice('sha256:'.length);
      const path = join(folder, hex.slice(0, 2), hex);
      const bytes = await readFile(path);
      bytes[0] = (bytes[0] ?? 0) ^ 1;
      await writeFile(path, bytes);
    },
    drafts: async () => (await readdir(join(folder, 'drafts'))).length,
    close: async () => rm(folder, { recursive: true }),
  };
});
