import { OrchestraError } from '@orchestra/runtime';
import { join } from 'node:path';
import { findProgram, runProgram } from '../../process/index.ts';

/** How a program that renders is called. */
export interface Rendering {
  /** Programs that can do it, by their order; the first that is installed does. */
  calls: readonly { program: string; args: readonly string[] }[];
  /** What a person installs where there is none of them. */
  install: string;
  /** Where programs are looked up, in the form of PATH. */
  path: string;
  /** An empty folder that is removed afterwards. */
  scratch: string;
  signal?: AbortSignal | undefined;
}

const timeoutMs = 60_000;
const maxOutputBytes = 8 * 1024 ** 2;

/**
 * Runs a renderer with nothing of our environment: no plugins, no settings of a user, no PATH (so no git and no other
 * program), and proxies that lead nowhere.
 *
 * @throws OrchestraError `COMMAND_NOT_FOUND`, `COMMAND_TIMED_OUT` or `INPUTS_REFUSED`, none retriable
 */
export async function runRenderer({ calls, install, path, ...around }: Rendering): Promise<string> {
  for (const { program, args } of calls) {
    const file = await findProgram(program, path);
    if (file !== null) return render({ ...around, program, file, args });
  }
  const names = calls.map(({ program }) => program).join(' and ');
  const message = `${names} ${calls.length === 1 ? 'is' : 'are'} not installed where the service deploy runs: ${install}`;
  throw new OrchestraError('COMMAND_NOT_FOUND', message);
}

interface Call extends Pick<Rendering, 'scratch' | 'signal'> {
  program: string;
  file: string;
  args: readonly string[];
}

async function render({ program, file, args, scratch, signal }: Call): Promise<string> {
  const env = closedEnv(scratch);
  const stop = signal === undefined ? {} : { signal };
  const result = await runProgram(file, args, { cwd: scratch, env, timeoutMs, maxOutputBytes, ...stop });
  signal?.throwIfAborted();
  if (result.ending === 'timed_out') {
    throw new OrchestraError('COMMAND_TIMED_OUT', `${program} did not end within ${timeoutMs / 1000} s`);
  }
  const isWhole = result.truncatedBytes === 0;
  if (isWhole && result.ending === 'exited' && result.exitCode === 0) return result.stdout;
  const said = isWhole ? lastLines(result.stderr) : `it wrote over ${maxOutputBytes} bytes`;
  throw new OrchestraError('INPUTS_REFUSED', `${program} could not render this: ${said}`);
}

const nowhere = 'http://127.0.0.1:9';

function closedEnv(scratch: string): Record<string, string> {
  const own = (name: string): string => join(scratch, name);
  return {
    PATH: '/nonexistent',
    HOME: scratch,
    TMPDIR: scratch,
    XDG_CONFIG_HOME: own('config'),
    XDG_CACHE_HOME: own('cache'),
    XDG_DATA_HOME: own('data'),
    KUBECONFIG: own('no-kubeconfig'),
    HELM_NO_PLUGINS: '1',
    HELM_PLUGINS: own('no-plugins'),
    KUSTOMIZE_PLUGIN_HOME: own('no-plugins'),
    HTTP_PROXY: nowhere,
    HTTPS_PROXY: nowhere,
    ALL_PROXY: nowhere,
    GOMEMLIMIT: '512MiB',
  };
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-5).join(' | ').slice(0, 900);
}
