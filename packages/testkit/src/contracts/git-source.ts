import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Git } from '@orchestra/adapters/git';

/** A git, and one repository in which the test commits to `main`. */
export interface GitUnderTest {
  git: Git;
  url: string;
  /** Commits these files and no others; returns the full SHA. */
  commit(files: Readonly<Record<string, string>>): Promise<string>;
  close(): Promise<void>;
}

/** The contract of the source of commits: exactly the asked one, and where the branches stand. */
export function testGit(name: string, open: () => Promise<GitUnderTest>): void {
  describe(`the commits of ${name}`, () => {
    const { signal } = new AbortController();
    let world: GitUnderTest;

    beforeEach(async () => {
      world = await open();
    });
    afterEach(() => world.close());

    it('are given as they were asked for, also when the branch has moved', async () => {
      const asked = await world.commit({ 'a.txt': 'one\n', 'folder/b.txt': 'two\n' });
      await world.commit({ 'a.txt': 'later\n' });

      const request = { url: world.url, commit: asked, base: null, signal };
      const seen = await world.git.withCommit(request, async (copy) => ({
        commit: copy.commit,
        paths: [...copy.entries.keys()].toSorted(),
        text: await copy.readText('a.txt', 100),
        missing: await copy.readText('none.txt', 100),
      }));

      expect(seen).toEqual({ commit: asked, paths: ['a.txt', 'folder/b.txt'], text: 'one\n', missing: null });
    });

    it('pass on what their user throws', async () => {
      const commit = await world.commit({ 'a.txt': 'one\n' });
      const request = { url: world.url, commit, base: null, signal };

      await expect(world.git.withCommit(request, () => Promise.reject(new Error('mine')))).rejects.toThrow('mine');
    });

    it('are missing where there is none by that name', async () => {
      await world.commit({ 'a.txt': 'one\n' });
      const request = { url: world.url, commit: 'f'.repeat(40), base: null, signal };

      await expect(world.git.withCommit(request, async () => null)).rejects.toMatchObject({
        code: 'GIT_COMMIT_MISSING',
        retriable: false,
      });
    });

    it('are where the branches stand', async () => {
      await world.commit({ 'a.txt': 'one\n' });
      const newest = await world.commit({ 'a.txt': 'two\n' });

      const heads = await world.git.listHeads({ url: world.url, signal });

      expect(heads.get('refs/heads/main')).toBe(newest);
    });
  });
}
