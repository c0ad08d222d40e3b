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
  return await git
    .env(environment)
    .outputHandler((_command, stdout) => void setImmediate(saySomething, stdout))
    .raw([...argv]);
}

// simple-git waits another 50 ms for output that may come late of a process that ended and said nothing. Here none comes
// late: it is told of the end when all pipes are closed.
function saySomething(stdout: NodeJS.ReadableStream): void {
  stdout.emit('data', Buffer.alloc(0));
}
