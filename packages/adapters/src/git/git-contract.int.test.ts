import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { testGit } from '@orchestra/testkit';
import { createGit } from './index.ts';

const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', '-c', 'commit.gpgsign=false'];

testGit('git', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'orchestra-git-contract-'));
  const origin = join(folder, 'origin');
  execFileSync('git', ['init', '--quiet', '--initial-branch=main', origin]);
  const git = (...argv: string[]) => execFileSync('git', ['-C', origin, ...identity, ...argv], { encoding: 'utf8' });
  return {
    git: createGit({
      folder: join(folder, 'work'),
      searchPath: process.env['PATH'] ?? '',
      allowance: { protocols: ['file'], hosts: [] },
      credentials: { https: null, ssh: null },
      idleMs: 30_000,
      totalMs: 60_000,
      maxFiles: 1000,
      maxBytes: 10_000_000,
    }),
    url: `file://${origin}`,
    async commit(files) {
      for (const name of readdirSync(origin).filter((one) => one !== '.git')) {
        rmSync(join(origin, name), { recursive: true });
      }
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(origin, path)), { recursive: true });
        writeFileSync(join(origin, path), text);
      }
      git('add', '--all');
      git('commit', '--quiet', '--message', 'A change');
      return git('rev-parse', 'HEAD').trim();
    },
    close: async () => rmSync(folder, { recursive: true, force: true }),
  };
});
