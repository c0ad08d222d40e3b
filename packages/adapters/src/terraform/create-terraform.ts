import { posix } from 'node:path';
import { resolveInside } from '../archive/index.ts';
import { findProgram } from '../process/index.ts';
import { createMask, type Mask } from './create-mask.ts';
import { readStream } from './create-progress.ts';
import type { ResourceChange } from './describe-change.ts';
import { ensureBackend, hasLockFile } from './ensure-backend.ts';
import { openSurroundings, type Surroundings, type TerraformOptions } from './open-surroundings.ts';
import { parsePlan, type PlanSummary } from './parse-plan.ts';
import { planName } from './restore-plan.ts';
import { readOutputs, resolveOutput, type OutputReference, type RecordedOutputs } from './read-outputs.ts';
import { createRunTool, type Call, type RunTool } from './run-tool.ts';

export interface PlannedInfrastructure extends PlanSummary {
  /** Whether anything changes, an output included. */
  changesAnything: boolean;
  /** The saved plan, relative to the workspace: the only thing that `apply` takes. */
  planFile: string;
}

/** What a look at the world found. */
export interface Drift {
  /** Addresses of what is not as it was recorded; empty: nothing. */
  drifted: readonly string[];
}

/**
 * Terraform or OpenTofu, whichever program it was made for. Nothing of what it returns has a value of a passed variable, but
 * what `resolveOutput` was asked for.
 *
 * All throw OrchestraError `INFRASTRUCTURE_TOOL_FAILED`, when the tool ended by itself; `INFRASTRUCTURE_CUT` and
 * `COMMAND_TIMED_OUT`, when it was ended, which of an apply leaves unknown what it did; as `resolveInside` for the folder;
 * `SANDBOX_UNAVAILABLE`, retriable.
 */
export interface Terraform {
  program: string;
  /** Initializes with the lock file as it stands, where there is one, validates, and plans to a file. */
  plan(call: Call & { destroysAll?: boolean }): Promise<PlannedInfrastructure>;
  /** Makes a fresh workspace ready for `apply`, as `plan` does before it plans. */
  prepare(call: Call): Promise<void>;
  /** Applies exactly a saved plan and returns the outputs. */
  apply(planFile: string, call: Call): Promise<RecordedOutputs>;
  /** Compares what is recorded with the world, and changes neither. Waits for no lock. */
  probe(call: Call): Promise<Drift>;
  /** The outputs as they are recorded; in a workspace that is ready. */
  readOutputs(call: Call): Promise<RecordedOutputs>;
  /** The value that a reference names, as the state has it now, in no mask; in a workspace that is ready. @throws OrchestraError `NOT_FOUND` */
  resolveOutput(reference: OutputReference, call: Call): Promise<string>;
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

const usual = ['-input=false', '-lock-timeout=60s'];

function driverOf({ program, name }: { program: string; name: string }, options: TerraformOptions): Terraform {
  const mask = createMask(Object.values(options.passed));
  const within = async <T>(call: Call, work: (run: RunTool, surroundings: Surroundings) => Promise<T>): Promise<T> => {
    const { stateName, environment } = call;
    const surroundings = await openSurroundings({ program, stateName, environment }, options);
    try {
      return await work(createRunTool({ call, surroundings, options, mask }), surroundings);
    } finally {
      await surroundings.close();
    }
  };
  return {
    program: name,
    plan: (call) => within(call, (run, { statePath }) => plan(run, { call, statePath, mask })),
    prepare: (call) => within(call, (run, { statePath }) => initialize(run, call, statePath)),
    apply: (planFile, call) =>
      within(call, async (run) => {
        await run(['apply', ...usual, '-json', posix.basename(planFile)], [0], 'json');
        return readOutputs(run, { tool: name, state: call.stateName, mask });
      }),
    probe: (call) =>
      within(call, async (run, { statePath }) => {
        await initialize(run, call, statePath);
        const looking = ['plan', '-input=false', '-lock=false', '-json', '-refresh-only', '-detailed-exitcode'];
        const { stdout, exitCode } = await run(looking, [0, 2], 'json');
        const { drifted } = readStream(stdout);
        if (exitCode === 0) return { drifted: [] };
        return { drifted: drifted.length === 0 ? ['(not named)'] : drifted.map((address) => mask.whole(address)) };
      }),
    readOutputs: (call) => within(call, (run) => readOutputs(run, { tool: name, state: call.stateName, mask })),
    resolveOutput: (reference, call) =>
      within(call, (run) => resolveOutput(run, reference, { tool: name, state: call.stateName })),
  };
}

async function initialize(run: RunTool, { workspace, folder }: Call, statePath: string): Promise<void> {
  const configuration = await resolveInside(workspace, folder);
  await ensureBackend({ folder: configuration, statePath });
  // Providers that the team has pinned are taken as they are pinned, or not at all.
  const locked = (await hasLockFile(configuration)) ? ['-lockfile=readonly'] : [];
  await run(['init', ...usual, '-no-color', ...locked], [0], 'text');
}

interface Planning {
  call: Call & { destroysAll?: boolean };
  statePath: string;
  mask: Mask;
}

async function plan(run: RunTool, { call, statePath, mask }: Planning): Promise<PlannedInfrastructure> {
  await initialize(run, call, statePath);
  await run(['validate', '-no-color'], [0], 'text');
  const destroying = call.destroysAll === true ? ['-destroy'] : [];
  const planning = ['plan', ...usual, '-json', '-detailed-exitcode', ...destroying, `-out=${planName}`];
  // 2: the plan changes something, 0: it does not.
  const { exitCode } = await run(planning, [0, 2], 'json');
  const { stdout } = await run(['show', '-json', planName], [0], 'nothing');
  const summary = parsePlan(stdout);
  return {
    ...summary,
    destroys: summary.destroys.map((address) => mask.whole(address)),
    replaces: summary.replaces.map((address) => mask.whole(address)),
    changes: summary.changes.map((change) => maskChange(change, mask)),
    changesAnything: exitCode === 2,
    planFile: posix.join(call.folder, planName),
  };
}

function maskChange({ address, attributes, ...change }: ResourceChange, mask: Mask): ResourceChange {
  const whole = (text: string | null) => (text === null ? null : mask.whole(text));
  const masked = attributes.map(({ name, before, after }) => ({ name, before: whole(before), after: whole(after) }));
  return { ...change, address: mask.whole(address), attributes: masked };
}
