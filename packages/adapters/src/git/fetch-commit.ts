import type { Abort } from './watch-size.ts';
import { OrchestraError } from '@orchestra/runtime';
import { numstatArguments, parseNumstat, type ChangedLines } from './changed-files.ts';
import { listTreeArguments, parseTree, type TreeEntry } from './list-tree.ts';
import type { RunGit } from './run-git.ts';

/** One commit of a repository on this machine, with its base commit where that could be had. */
export interface CommitCopy {
  commit: string;
  /** Null: there is none, or the server does not give it. */
  baseCommit: string | null;
  /** Files and links by path. */
  entries: ReadonlyMap<string, TreeEntry>;
  /** Who made it, and the first line of its message. */
  describe(): Promise<{ author: string; subject: string }>;
  /** What changed since the base commit; null: unknown, so everything may have. */
  changedFiles(): Promise<ChangedLines[] | null>;
  /**
   * Text of one regular file; null: no such path.
   *
   * @throws OrchestraError `PATH_OUTSIDE` for a link or submodule, `ARTIFACT_TOO_LARGE` beyond `maxBytes`; not retriable
   */
  readText(path: string, maxBytes: number): Promise<string | null>;
  /** Writes all files to an existing folder. Links become plain files that hold their target; submodules stay empty. */
  exportTo(folder: string): Promise<void>;
}

interface Wanted {
  url: string;
  commit: string;
  base: string | null;
  maxFiles: number;
  maxBytes: number;
}

/**
 * Fetches exactly one commit into an empty repository, and its base in the same request where the server has it.
 *
 * @throws OrchestraError `GIT_COMMIT_MISSING`, `GIT_TOO_LARGE` (not retriable), `GIT_FETCH_FAILED` (retriable)
 */
export async function fetchCommit(wanted: Wanted, run: RunGit, abort: Abort): Promise<CommitCopy> {
  const { commit } = wanted;
  const baseCommit = await fetchWithBase(wanted, run, abort);
  const entries = checkSize(parseTree(await run(listTreeArguments(commit))), wanted);
  return { commit, baseCommit, entries, ...accessors({ commit, baseCommit, entries }, run) };
}

async function fetchWithBase({ url, commit, base }: Wanted, run: RunGit, abort: Abort): Promise<string | null> {
  // It says how far it is: one that says nothing is taken for stuck.
  const fetch = [
    'fetch',
    '--progress',
    '--depth',
    '1',
    '--no-tags',
    '--no-write-fetch-head',
    '--end-of-options',
    url,
    // git writes nothing but commits to a branch: neither a tag nor a tree.
    `${commit}:refs/heads/commit`,
  ];
  const withoutBase = async (): Promise<null> => {
    await run(fetch).catch((error: unknown) => {
      throw explain(error, abort);
    });
    return null;
  };
  if (base === null || base === commit) return await withoutBase();
  try {
    await run([...fetch, base]);
    return base;
  } catch (error) {
    // A force-push or a shallow server: the base is gone, the commit may be there.
    if (!isMissing(error)) throw explain(error, abort);
    return await withoutBase();
  }
}

function isMissing(error: unknown): boolean {
  return says(error, /not our ref|unadvertised object|no such remote ref|couldn't find remote ref/i);
}

function says(error: unknown, text: RegExp): boolean {
  return error instanceof Error && text.test(error.message);
}

function explain(cause: unknown, { exceeded }: Abort): OrchestraError {
  if (exceeded()) return new OrchestraError('GIT_TOO_LARGE', 'The commit is larger than the setting allows', { cause });
  if (isMissing(cause)) return new OrchestraError('GIT_COMMIT_MISSING', 'The repository has no such commit', { cause });
  if (says(cause, /non-commit object/i)) {
    return new OrchestraError('GIT_COMMIT_MISSING', 'What was fetched is no commit', { cause });
  }
  return new OrchestraError('GIT_FETCH_FAILED', 'git could not fetch the commit', { retriable: true, cause });
}

function checkSize(entries: TreeEntry[], { maxFiles, maxBytes }: Wanted): Map<string, TreeEntry> {
  if (entries.length > maxFiles) {
    throw new OrchestraError('GIT_TOO_LARGE', `The commit has ${entries.length} files, ${maxFiles} are allowed`);
  }
  let total = 0;
  for (const { sizeBytes } of entries) total += sizeBytes;
  if (total > maxBytes) {
    throw new OrchestraError('GIT_TOO_LARGE', `The commit has ${total} bytes, ${maxBytes} are allowed`);
  }
  return new Map(entries.map((entry) => [entry.path, entry]));
}

type Accessors = Pick<CommitCopy, 'describe' | 'changedFiles' | 'readText' | 'exportTo'>;

function accessors(copy: Pick<CommitCopy, 'commit' | 'baseCommit' | 'entries'>, run: RunGit): Accessors {
  const { commit, baseCommit, entries } = copy;
  return {
    async describe() {
      const shown = await run(['show', '--no-patch', '--no-show-signature', '--format=%an%x00%s', commit]);
      const [author = '', subject = ''] = shown.trimEnd().split('\0');
      return { author, subject };
    },
    async changedFiles() {
      if (baseCommit === null) return null;
      return parseNumstat(await run(numstatArguments(baseCommit, commit)));
    },
    async readText(path, maxBytes) {
      const entry = entries.get(path);
      if (entry === undefined) return null;
      if (entry.kind !== 'file') throw new OrchestraError('PATH_OUTSIDE', 'The path is a link or a submodule');
      if (entry.sizeBytes > maxBytes) {
        throw new OrchestraError(
          'ARTIFACT_TOO_LARGE',
          `The file has ${entry.sizeBytes} bytes, ${maxBytes} are allowed`,
        );
      }
      return await run(['cat-file', 'blob', entry.objectId]);
    },
    async exportTo(folder) {
      await run(['checkout', '--quiet', '--force', '--detach', commit], folder);
    },
  };
}
