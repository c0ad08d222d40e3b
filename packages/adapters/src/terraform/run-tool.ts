import { OrchestraError } from '@orchestra/runtime';
import type { SandboxResult } from '../sandbox/index.ts';
import type { Mask } from './create-mask.ts';
import { createProgress, readStream } from './create-progress.ts';
import type { Surroundings, TerraformOptions } from './open-surroundings.ts';

/** Where and for how long the tool works. */
export interface Call {
  /** Absolute path of the unpacked source: the tool sees nothing else of the host that a repository has filled. */
  workspace: string;
  /** The configuration, relative to the workspace. */
  folder: string;
  /** Names the state when the configuration names no backend; a relative path of plain names. */
  stateName: string;
  /** Is `TF_VAR_environment`. */
  environment: string;
  timeoutMs: number;
  signal: AbortSignal;
  /** Gets what the tool says while it comes, without the values of the passed variables. */
  onOutput(text: string): void;
}

/** `text` and `json` show what it says, in its words or as lines of its stream of JSON; `nothing`: it says values. */
export type Shows = 'text' | 'json' | 'nothing';

/** Runs one command of the tool. The exit codes of `allowed` are answers, any other one an error. */
export type RunTool = (args: readonly string[], allowed: readonly number[], shows: Shows) => Promise<SandboxResult>;

// One interrupt, then a long grace: the tool writes its state before it goes.
const graceMs = 60_000;
// A plan as JSON is output as well, and has to be whole.
const leastOutputBytes = 33_554_432;

interface Running {
  call: Call;
  surroundings: Surroundings;
  options: TerraformOptions;
  mask: Mask;
}

/** Creates the runner of one call. It throws as `Terraform` says. */
export function createRunTool({ call, surroundings, options, mask }: Running): RunTool {
  const { workspace, folder, timeoutMs, signal, onOutput } = call;
  const { env, keptFolders, readOnlyPaths, program } = surroundings;
  return async (args, allowed, shows) => {
    const output = outputOf(shows, mask, onOutput);
    const result = await options.sandbox.run({
      argv: [program, ...args],
      workspace,
      folder,
      env,
      keptFolders,
      readOnlyPaths,
      limits: {
        ...options.limits,
        outputBytes: Math.max(options.limits.outputBytes, leastOutputBytes),
        timeMs: timeoutMs,
      },
      graceMs,
      signal,
      onOutput: (text) => output.write(text),
      // It has to reach its providers, its modules and its state.
      network: true,
    });
    output.end();
    return must(result, { allowed, mask, isStream: shows === 'json' });
  };
}

function outputOf(shows: Shows, mask: Mask, onOutput: Call['onOutput']): { write(text: string): void; end(): void } {
  if (shows === 'nothing') return { write: () => undefined, end: () => undefined };
  const masked = mask.stream(onOutput);
  if (shows === 'text') return masked;
  const progress = createProgress((line) => masked.write(line));
  return {
    write: (text) => progress.write(text),
    end() {
      progress.end();
      masked.end();
    },
  };
}

interface Expected {
  allowed: readonly number[];
  mask: Mask;
  isStream: boolean;
}

// The kernel's kill has the number of its signal above 128; a tool that ends by itself has a small one.
const firstSignalled = 128;

function must(result: SandboxResult, { allowed, mask, isStream }: Expected): SandboxResult {
  const { outcome } = result;
  if (outcome === 'timed_out') throw new OrchestraError('COMMAND_TIMED_OUT', 'The tool did not end in time');
  const code = outcome === 'exited' ? result.exitCode : null;
  if (code !== null && allowed.includes(code)) return result;
  const said = lastWords(result, isStream);
  const how = `The tool ended with ${code ?? outcome}`;
  if (code !== null && code < firstSignalled) {
    throw new OrchestraError('INFRASTRUCTURE_TOOL_FAILED', mask.whole(said || how));
  }
  throw new OrchestraError('INFRASTRUCTURE_CUT', mask.whole([how, said].join('\n').trim()));
}

function lastWords({ stdout, stderr }: SandboxResult, isStream: boolean): string {
  const words = isStream ? readStream(stdout).errors.join('\n') || stderr : stderr || stdout;
  return words.trim().split('\n').slice(-15).join('\n');
}
