import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { OrchestraError } from '@orchestra/runtime';
import { createRepository } from './create-repository.ts';
import { fetchCommit, type CommitCopy } from './fetch-commit.ts';
import { gitEnvironment, type GitCredentials } from './git-environment.ts';
import { checkGitUrl, type GitAllowance } from './git-url.ts';
import { listHeadsArguments, parseHeads } from './list-heads.ts';
import { runGit, type RunGit } from './run-git.ts';
import { watchSize } from './watch-size.ts';

export interface GitOptions {
  /** Where repositories are kept while they are used. */
  folder: string;
  /** Where git is looked for: the `PATH` of its process. */
  searchPath: string;
  allowance: GitAllowance;
  credentials: GitCredentials;
  /** A git process that says nothing for so long is ended. */
  idleMs: number;
  /** Longest time of one `withCommit`. */
  totalMs: number;
  maxFiles: number;
  maxBytes: number;
}

export interface FetchRequest {
  /** Made by configuration; checked again here. */
  url: string;
  /** Full SHA, 40 or 64 hex digits. */
  commit: string;
  /** What changes are counted against; null: nothing. */
  base: string | null;
  signal: AbortSignal;
}

/** Reads single commits of foreign repositories without running anything of theirs. */
export interface Git {
  /**
   * Fetches one commit into a new folder, gives it to `use`, and removes the folder. Nothing is left when it returns.
   *
   * @throws OrchestraError `GIT_URL_REFUSED`, `GIT_COMMIT_MISSING`, `GIT_TOO_LARGE` (not retriable),
   *   `GIT_FETCH_FAILED` (retriable), and what `use` throws
   */
  withCommit<T>(request: FetchRequest, use: (copy: CommitCopy, scratch: string) => Promise<T>): Promise<T>;
  /**
   * Asks a repository where its branches stand: full ref names and `HEAD`, each with its commit. Empty: it has none.
   *
   * @throws OrchestraError `GIT_URL_REFUSED` (not retriable), `GIT_FETCH_FAILED` (retriable)
   */
  listHeads(request: Pick<FetchRequest, 'url' | 'signal'>): Promise<ReadonlyMap<string, string>>;
}

const sha = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** Makes the git of this process. Needs git 2.39 or newer on `searchPath`. */
export function createGit(options: GitOptions): Git {
  return {
    listHeads: (request) => listHeads(options, request),
    async withCommit({ url, commit, base, signal }, use) {
      const place = checkGitUrl(url, options.allowance);
      if (!sha.test(commit)) throw new OrchestraError('GIT_COMMIT_MISSING', 'The commit is not named by a full SHA');
      await mkdir(options.folder, { recursive: true });
      const folder = await mkdtemp(join(options.folder, 'commit-'));
      const total = AbortSignal.any([signal, AbortSignal.timeout(options.totalMs)]);
      const abort = watchSize({ folder, maxBytes: options.maxBytes, everyMs: 500, signal: total });
      try {
        signal.throwIfAborted();
        const run = bindRun(options, folder, abort.signal);
        const scratch = join(folder, 'scratch');
        const repository = createRepository(join(folder, 'repository'), commit);
        await Promise.all([mkdir(join(folder, 'home')), mkdir(scratch), repository]);
        const { maxFiles, maxBytes } = options;
        const wanted = { url: place, commit, base: base !== null && sha.test(base) ? base : null, maxFiles, maxBytes };
        const copy = await fetchCommit(wanted, run, abort).finally(abort.stop);
        return await use(copy, scratch);
      } finally {
        abort.stop();
        await rm(folder, { recursive: true, force: true, maxRetries: 3 });
      }
    },
  };
}

async function listHeads(
  options: GitOptions,
  { url, signal }: Pick<FetchRequest, 'url' | 'signal'>,
): Promise<ReadonlyMap<string, string>> {
  const place = checkGitUrl(url, options.allowance);
  await mkdir(options.folder, { recursive: true });
  const folder = await mkdtemp(join(options.folder, 'heads-'));
  const total = AbortSignal.any([signal, AbortSignal.timeout(options.totalMs)]);
  try {
    await mkdir(join(folder, 'home'));
    return parseHeads(await bindRun(options, folder, total)(listHeadsArguments(place)));
  } catch (cause) {
    signal.throwIfAborted();
    throw new OrchestraError('GIT_FETCH_FAILED', 'git could not list the branches', { retriable: true, cause });
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

function bindRun(options: GitOptions, folder: string, signal: AbortSignal): RunGit {
  const { searchPath, allowance, credentials, idleMs } = options;
  return async (argv, workTree) => {
    const environment = gitEnvironment({
      searchPath,
      home: join(folder, 'home'),
      repository: join(folder, 'repository'),
      workTree: workTree ?? null,
      allowance,
      credentials,
    });
    return await runGit(argv, { folder, environment, idleMs, signal });
  };
}
