import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testLogStore } from '@orchestra/testkit';
import { createFolderLogStore } from './log-store.ts';

testLogStore('on a folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'logs-'));
  const maxBytes = 5_000;
  return {
    store: createFolderLogStore({ folder, maxBytes }),
    maxBytes,
    close: async () => rm(folder, { recursive: true }),
  };
});
