import { simpleGit } from 'simple-git';
import { gitConfig } from './git-environment.ts';

/** Runs git with an argument list and returns its standard output as text. Rejects with what git said on its error output. */
export type RunGit = (argv: readonly string[], workTree?: string) => Promise<string>;

interface Run {
  folder: string;
  environment: Record<string, string>;
  /** A process that says nothing for so long is ended. */
  idleMs: number;
  signal: AbortSignal;
}

/**
 * Runs git once in a closed environment, through simple-git's `raw` only.
 *
 * @see simple-git 4: `.env(object)` replaces the child's environment; without it the child inherits the parent's
 */
export async function runGit(argv: readonly string[], { folder, environment, idleMs, signal }: Run): Promise<string> {
  signal.throwIfAborted();
  const git = simpleGit({
    baseDir: folder,
    config: [...gitConfig],
    allowEnvironment: Object.keys(environment).filter((name) => name.startsWith('GIT_')),
    unsafe: {
      allowUnsafeConfigPaths: true,
      allowUnsafeHooksPath: true,
      allowUnsafeFsMonitor: true,
      allowUnsafeProtocolOverride: true,
      allowUnsafeAskPass: true,
      allowUnsafeSshCommand: true,
      allowUnsafeConfigEnvCount: true,
      allowUnsafeTemplateDir: true,
    },
    timeout: { block: idleMs },
    abort: signal,
  });
  return await git.env(environment).raw([...argv]);
}
