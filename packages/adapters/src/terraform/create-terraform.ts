import { OrchestraError } from '@orchestra/runtime';
import { posix } from 'node:path';
import { resolveInside } from '../archive/index.ts';
import { findProgram } from '../process/index.ts';
import type { SandboxResult } from '../sandbox/index.ts';
import { createMask, type Mask } from './create-mask.ts';
import { ensureBackend } from './ensure-backend.ts';
import { openSurroundings, type Surroundings, type TerraformOptions } from './open-surroundings.ts';
import { parsePlan, type PlanSummary } from './parse-plan.ts';

interface Call {
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

export interface PlannedInfrastructure extends PlanSummary {
  /** The saved plan, relative to the workspace: the only thing that `apply` takes. */
  planFile: string;
}

/** Terraform or OpenTofu, whichever program it was made for. Nothing of what it returns has a value of a passed variable. */
export interface Terraform {
  program: string;
  /**
   * @throws OrchestraError `INFRASTRUCTURE_TOOL_FAILED`, `COMMAND_TIMED_OUT`; as `resolveInside` for the folder;
   * `SANDBOX_UNAVAILABLE`, retriable
   */
  plan(call: Call): Promise<PlannedInfrastructure>;
  /** Applies exactly a saved plan and returns the outputs that are not sensitive. Throws like `plan`. */
  apply(planFile: string, call: Call): Promise<Record<string, string>>;
}

/** Finds the program on the path; null when it is not there. `auto` takes `tofu` when both are (licence). */
export async function createTerraform(
  tool: 'terraform' | 'opentofu' | 'auto',
  options: TerraformOptions,
): Promise<Terraform | null> {
  const names = { terraform: ['terraform'], opentofu: ['tofu'], auto: ['tofu', 'terraform'] }[tool];
  for (const name of names) {
    const program = await findProgram(name, options.path);
    if (program !== null) return driverOf({ program, name }, options);
  }
  return null;
}

const planName = 'orchestra.tfplan';
// One interrupt, then a long grace: the tool writes its state before it goes.
const graceMs = 60_000;
// A plan as JSON is output as well, and has to be whole.
const leastOutputBytes = 33_554_432;

type Run = (args: readonly string[], allowed: readonly number[], isShown?: 'quietly') => Promise<SandboxResult>;

function driverOf({ program, name }: { program: string; name: string }, options: TerraformOptions): Terraform {
  const mask = createMask(Object.values(options.passed));
  return {
    program: name,
    async plan(call) {
      return within(call, async (run, { statePath }) => {
        await ensureBackend({ folder: await resolveInside(call.workspace, call.folder), statePath });
        await run(['init', '-input=false', '-no-color', '-lock-timeout=60s'], [0]);
        const planning = ['plan', '-input=false', '-no-color', '-lock-timeout=60s', '-detailed-exitcode'];
        // 2: the plan changes something, 0: it does not.
        await run([...planning, `-out=${planName}`], [0, 2]);
        const { stdout } = await run(['show', '-json', planName], [0], 'quietly');
        const summary = parsePlan(stdout);
        const planFile = posix.join(call.folder, planName);
        return { ...summary, destroys: summary.destroys.map((address) => mask.whole(address)), planFile };
      });
    },
    async apply(planFile, call) {
      return within(call, async (run) => {
        await run(['apply', '-input=false', '-no-color', '-lock-timeout=60s', posix.basename(planFile)], [0]);
        const { stdout } = await run(['output', '-json', '-no-color'], [0], 'quietly');
        return readOutputs(stdout, mask);
      });
    },
  };

  async function within<T>(call: Call, work: (run: Run, surroundings: Surroundings) => Promise<T>): Promise<T> {
    const { stateName, environment } = call;
    const surroundings = await openSurroundings({ program, stateName, environment }, options);
    try {
      return await work(runnerOf({ call, surroundings, options, mask }), surroundings);
    } finally {
      await surroundings.close();
    }
  }
}

interface Running {
  call: Call;
  surroundings: Surroundings;
  options: TerraformOptions;
  mask: Mask;
}

function runnerOf({ call, surroundings, options, mask }: Running): Run {
  const { workspace, folder, timeoutMs, signal, onOutput } = call;
  const { env, keptFolders, readOnlyPaths, program } = surroundings;
  return async (args, allowed, isShown) => {
    const output = mask.stream(isShown === 'quietly' ? () => undefined : onOutput);
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
    return must(result, allowed, mask);
  };
}

function must(result: SandboxResult, allowed: readonly number[], mask: Mask): SandboxResult {
  const { outcome, exitCode, stderr, stdout } = result;
  if (outcome === 'timed_out') throw new OrchestraError('COMMAND_TIMED_OUT', 'The tool did not end in time');
  if (outcome === 'exited' && exitCode !== null && allowed.includes(exitCode)) return result;
  const said = (stderr || stdout).trim().split('\n').slice(-15).join('\n');
  const how = outcome === 'memory' ? 'The tool used up its memory' : `The tool ended with ${exitCode ?? outcome}`;
  throw new OrchestraError('INFRASTRUCTURE_TOOL_FAILED', mask.whole(said) || how);
}

function readOutputs(text: string, mask: Mask): Record<string, string> {
  const outputs: Record<string, { sensitive?: boolean; value?: unknown }> = JSON.parse(text);
  const shown = Object.entries(outputs).map(([name, { sensitive, value }]): [string, string] => [
    name,
    sensitive ? '[secret]' : mask.whole(typeof value === 'string' ? value : JSON.stringify(value)),
  ]);
  return Object.fromEntries(shown);
}
