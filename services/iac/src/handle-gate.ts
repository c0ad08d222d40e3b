import { OrchestraError, type InfrastructurePlan, type InfrastructureSlice } from '@orchestra/contracts';
import { concludeWishes, whileUnwished, type Ended, type JobContext } from '@orchestra/runtime';
import { decideApply, wasApplying } from './decide.ts';
import type { InfrastructureTool, Planned, Ports, Work } from './ports.ts';
import { environmentOf, report, type Report } from './report.ts';

type Context = JobContext<'iac'>;

/** The checks have passed: plan, decide, and apply exactly what was planned. */
export async function handleGate(context: Context, ports: Ports): Promise<Ended<'iac'>> {
  const wished = concludedWish(context);
  if (wished !== null) return report(context, wished);
  const { infrastructure } = await context.plan();
  if (infrastructure === null) {
    return report(context, { status: 'not_needed', reason: 'no_infrastructure', message: 'No infrastructure section' });
  }
  if (wasApplying(context.run.slices.iac[environmentOf(context)], context.job.generation)) {
    const message = 'The worker died while it applied the plan: look at the infrastructure before you retry';
    return report(context, { ...unknownApply, message, notes: ports.notes });
  }
  const tool = await ports.findTool(infrastructure.tool);
  if (tool === null) {
    const message = `${infrastructure.tool === 'auto' ? 'Neither tofu nor terraform' : infrastructure.tool} is installed here`;
    return report(context, { status: 'error', reason: 'tool_not_installed', message });
  }
  return inWorkspace(context, ports, (folder) => planAndApply({ context, ports, tool, infrastructure, folder }));
}

interface Task {
  context: Context;
  ports: Ports;
  tool: InfrastructureTool;
  infrastructure: InfrastructurePlan;
  /** The unpacked source. */
  folder: string;
}

async function inWorkspace(
  context: Context,
  ports: Ports,
  work: (folder: string) => Promise<Ended<'iac'>>,
): Promise<Ended<'iac'>> {
  const digest = context.run.slices.gitops.source?.snapshotDigest;
  if (!digest) throw new OrchestraError('ARTIFACT_MISSING', 'The run has no source snapshot');
  const workspace = await ports.openWorkspace();
  try {
    await ports.unpack(await context.artifacts.open(digest), workspace.path);
    return await work(workspace.path);
  } finally {
    await workspace.close();
  }
}

async function planAndApply(task: Task): Promise<Ended<'iac'>> {
  const { context, ports, tool, infrastructure, folder } = task;
  const { notes } = ports;
  const output = (text: string): void => void context.output(text);
  const work: Work = {
    workspace: folder,
    folder: infrastructure.path,
    repository: context.run.repository,
    environment: environmentOf(context),
    timeoutMs: infrastructure.planTimeoutMs,
    signal: context.signal,
    onOutput: output,
  };
  const planned = await planUnwished(tool, work, context);
  const wished = concludedWish(context);
  if (wished !== null) return report(context, { ...wished, notes });
  if (planned instanceof OrchestraError) return report(context, { ...unplanned(planned), notes });

  const stored = await context.artifacts.put(await ports.readPlan(folder, planned.planFile));
  const slice = sliceOf(tool, planned, { planDigest: stored.digest, generation: context.job.generation });
  const decision = decideApply({ plan: planned });
  const decided = [{ what: 'infrastructure plan judged', reason: decision.reason, facts: slice }];
  const judged = { ...decision, slice, decided, notes };
  if (decision.kind === 'refuse') return report(context, { ...judged, status: 'failure' });
  if (decision.kind === 'pass') return report(context, { ...judged, status: 'success' });

  await context.note({ [work.environment]: { ...slice, phase: 'applying' } }, decided);
  const applying = { ...work, timeoutMs: infrastructure.applyTimeoutMs };
  return apply({ ...task, slice, work: applying, planFile: planned.planFile });
}

function concludedWish(context: Context) {
  return concludeWishes(context.wishes().map(({ wish }) => wish));
}

function unplanned({ code, message }: OrchestraError): Report {
  return code === 'COMMAND_TIMED_OUT'
    ? { status: 'timed_out', reason: 'plan_time_limit', message }
    : { status: 'failure', reason: 'plan_failed', message };
}

// What the tool says about the configuration, or does not say in time, is a verdict on the user's code.
async function planUnwished(tool: InfrastructureTool, work: Work, context: Context): Promise<Planned | OrchestraError> {
  try {
    return await whileUnwished(context, (signal) => tool.plan({ ...work, signal }));
  } catch (error) {
    if (error instanceof OrchestraError && planEndings.has(error.code)) return error;
    throw error;
  }
}

const planEndings = new Set<string>(['INFRASTRUCTURE_TOOL_FAILED', 'COMMAND_TIMED_OUT']);

interface Applying extends Task {
  slice: InfrastructureSlice;
  work: Work;
  planFile: string;
}

async function apply({ context, ports: { notes }, tool, slice, work, planFile }: Applying): Promise<Ended<'iac'>> {
  try {
    const outputs = await tool.apply(planFile, work);
    const stored = await context.artifacts.put(Buffer.from(JSON.stringify(outputs)));
    const applied: InfrastructureSlice = { ...slice, phase: 'applied', outputs };
    const outputsDigest = stored.digest;
    return report(context, { status: 'success', reason: 'applied', slice: applied, outputsDigest, notes });
  } catch (error) {
    if (!(error instanceof OrchestraError)) throw error;
    // An apply that ended by itself says what it did; one that was cut leaves the world unknown.
    const known = error.code === 'INFRASTRUCTURE_TOOL_FAILED' && !context.signal.aborted;
    const ended = known ? { status: 'failure' as const, reason: 'apply_failed' } : unknownApply;
    return report(context, { ...ended, message: error.message, slice, notes });
  }
}

const unknownApply = { status: 'unknown', reason: 'apply_interrupted' } as const;

function sliceOf(
  { program }: InfrastructureTool,
  { toAdd, toChange, toDestroy, destroys }: Planned,
  made: { planDigest: string; generation: number },
): InfrastructureSlice {
  return { tool: program, phase: 'planned', ...made, toAdd, toChange, toDestroy, destroys, outputs: {} };
}
