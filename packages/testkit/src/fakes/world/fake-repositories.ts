import type { CommitCopy, Git } from '@orchestra/adapters/git';
import { OrchestraError } from '@orchestra/contracts';
import type { Files } from './fake-archive.ts';
import type { Reach } from './reach.ts';

/** Repositories with their commits. */
export interface FakeRepositories {
  /** Adds a commit. `url`: where it is cloned from. */
  commit(url: string, commit: string, files: Files): void;
  /** Moves a branch, by its full ref name. */
  move(url: string, ref: string, commit: string): void;
  /** The files of a folder that a commit was written to. */
  exported(folder: string): Files;
  /** The git of one process. */
  git(reach: Reach): Git;
}

/** Creates repositories without commits. */
export function createFakeRepositories(): FakeRepositories {
  const commits = new Map<string, Files>();
  const heads = new Map<string, Map<string, string>>();
  const folders = new Map<string, Files>();
  let copies = 0;
  return {
    commit: (url, commit, files) => void commits.set(`${url} ${commit}`, files),
    move: (url, ref, commit) => void heads.set(url, new Map([...(heads.get(url) ?? []), [ref, commit]])),
    exported: (folder) => folders.get(folder) ?? {},
    git: (reach) => ({
      listHeads: ({ url, signal }) => reach.call('git.listHeads', () => new Map(heads.get(url)), signal),
      async withCommit({ url, commit, base, signal }, use) {
        const files = await reach.call('git.fetch', () => find(url, commit), signal);
        copies += 1;
        const scratch = `/scratch/${copies}`;
        try {
          return await use(
            copyOf({ commit, base, files }, (folder) => void folders.set(folder, files)),
            scratch,
          );
        } finally {
          folders.delete(scratch);
        }
      },
    }),
  };

  function find(url: string, commit: string): Files {
    const files = commits.get(`${url} ${commit}`);
    if (files === undefined) throw new OrchestraError('GIT_COMMIT_MISSING', `No commit ${commit} in ${url}`);
    return files;
  }
}

interface Fetched {
  commit: string;
  base: string | null;
  files: Files;
}

function copyOf({ commit, base, files }: Fetched, write: (folder: string) => void): CommitCopy {
  const entries = Object.entries(files).map(([path, text]) => {
    const entry = { path, kind: 'file' as const, objectId: commit, sizeBytes: Buffer.byteLength(text) };
    return [path, entry] as const;
  });
  return {
    commit,
    baseCommit: base,
    entries: new Map(entries),
    describe: async () => ({ author: 'ada', subject: 'A change' }),
    changedFiles: async () => null,
    readText: async (path) => files[path] ?? null,
    exportTo: async (folder) => write(folder),
  };
}
