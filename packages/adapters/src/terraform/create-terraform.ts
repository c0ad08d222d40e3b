import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OrchestraError } from '@orchestra/runtime';
import { findProgram, runProgram, type ProgramResult } from '../process/index.ts';
import { parsePlan, type PlanSummary } from './parse-plan.ts';

export interface TerraformOptions {
  /** Variables of our own environment that the tool gets: credentials, proxies. Nothing else is inherited. */
  env: Readonly<Record<string, string>>;
  /** Where the state is kept of configurations that name no backend; one folder per `stateName`. */
  stateFolder: string;
}

interface Call {
  /** Absolute path of the configuration. */
  folder: string;
  /** Names the state when the configuration names no backend, and is `TF_VAR_environment`. */
  stateName: string;
  environment: string;
  timeoutMs: number;
  signal: AbortSignal;
  onOutput(text: string): void;
}

export interface PlannedInfrastructure extends PlanSummary {
  /** The saved plan: the only thing that `apply` takes. */
  planFile: string;
}

/** Terraform or OpenTofu, whichever program it was made for. */
export interface Terraform {
  program: string;
  /** @throws OrchestraError `INFRASTRUCTURE_TOOL_FAILED`, `COMMAND_TIMED_OUT` */
  plan(call: Call): Promise<PlannedInfrastructure>;
  /** Applies exactly a saved plan and returns the outputs that are not sensitive. Throws like `plan`. */
  apply(planFile: string, call: Call): Promise<Record<string, string>>;
}

/** Finds the program on `PATH`; null when it is not there. `auto` takes `tofu` when both are (licence). */
export async function createTerraform(
  tool: 'terraform' | 'opentofu' | 'auto',
  options: TerraformOptions,
): Promise<Terraform | null> {
  const names = { terraform: ['terraform'], opentofu: ['tofu'], auto: ['tofu', 'terraform'] }[tool];
  for (const name of names) {
    const program = await findProgram(name, options.env['PATH'] ?? '');
    if (program !== null) return driverOf({ program, name }, options);
  }
  return null;
}

function driverOf({ program, name }: { program: string; name: string }, options: TerraformOptions): Terraform {
  return {
    program: name,
    async plan(call) {
      await ensureBackend(call, options);
      await must(await run(['init', '-input=false', '-no-color', '-lock-timeout=60s'], call), [0]);
      const planFile = join(call.folder, 'orchestra.tfplan');
      const planned = await run(
        ['plan', '-input=false', '-no-color', '-lock-timeout=60s', '-detailed-exitcode', `-out=${planFile}`],
        call,
      );
      // 2: the plan changes something, 0: it does not.
      await must(planned, [0, 2]);
      const shown = await must(await run(['show', '-json', planFile], { ...call, onOutput() {} }), [0]);
      return { ...parsePlan(shown.stdout), planFile };
    },
    async apply(planFile, call) {
      await must(await run(['apply', '-input=false', '-no-color', '-lock-timeout=60s', planFile], call), [0]);
      const shown = await must(await run(['output', '-json', '-no-color'], { ...call, onOutput() {} }), [0]);
      return readOutputs(shown.stdout);
    },
  };

  function run(args: readonly string[], call: Call): Promise<ProgramResult> {
    const env = {
      ...options.env,
      TF_IN_AUTOMATION: '1',
      TF_INPUT: '0',
      CHECKPOINT_DISABLE: '1',
      TF_VAR_environment: call.environment,
    };
    const { folder: cwd, timeoutMs, signal, onOutput } = call;
    // One interrupt, then a long grace: the tool writes its state before it goes.
    return runProgram(program, args, {
      cwd,
      env,
      timeoutMs,
      signal,
      onOutput,
      graceMs: 60_000,
      maxOutputBytes: 33_554_432,
    });
  }
}

const backendBlock = /^\s*(backend\s+"|cloud\s*\{)/m;

// A workspace is gone after the attempt; a configuration without a backend would forget what it made.
async function ensureBackend({ folder, stateName }: Call, { stateFolder }: TerraformOptions): Promise<void> {
  const names = (await readdir(folder)).filter((file) => file.endsWith('.tf') || file.endsWith('.tofu'));
  if (names.length === 0) {
    throw new OrchestraError('INFRASTRUCTURE_TOOL_FAILED', 'The folder of `infrastructure.path` has no .tf file');
  }
  const texts = await Promise.all(names.map((file) => readFile(join(folder, file), 'utf8')));
  if (texts.some((text) => backendBlock.test(text))) return;

  const state = join(stateFolder, stateName);
  await mkdir(state, { recursive: true, mode: 0o700 });
  const path = JSON.stringify(join(state, 'terraform.tfstate'));
  await writeFile(
    join(folder, 'orchestra_override.tf'),
    `terraform {\n  backend "local" {\n    path = ${path}\n  }\n}\n`,
  );
}

async function must(result: ProgramResult, allowed: readonly number[]): Promise<ProgramResult> {
  if (result.ending === 'timed_out') throw new OrchestraError('COMMAND_TIMED_OUT', 'The tool did not end in time');
  if (result.exitCode !== null && allowed.includes(result.exitCode)) return result;
  const said = (result.stderr || result.stdout).trim().split('\n').slice(-15).join('\n');
  throw new OrchestraError(
    'INFRASTRUCTURE_TOOL_FAILED',
    said || `The tool ended with ${result.exitCode ?? result.ending}`,
  );
}

function readOutputs(text: string): Record<string, string> {
  const outputs: Record<string, { sensitive?: boolean; value?: unknown }> = JSON.parse(text);
  const shown = Object.entries(outputs).map(([name, { sensitive, value }]): [string, string] => [
    name,
    sensitive ? '[secret]' : typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  return Object.fromEntries(shown);
}
