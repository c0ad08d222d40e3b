import { OrchestraError, type EnvironmentInfrastructure, type InfrastructureSlice } from '@orchestra/contracts';
import { whileUnwished, type Decided, type Ended } from '@orchestra/runtime';
import { afterCut } from './after-cut.ts';
import { askerOf, changeEnvironment } from './environment.ts';
import type { Context, Task } from './gather-work.ts';
import { beginApply } from './lock.ts';
import type { Work } from './ports.ts';
import { withOutputs } from './record-outputs.ts';
import { report } from './report.ts';

interface Applying {
  slice: InfrastructureSlice;
  work: Work;
  planFile: string;
  decided: readonly Decided[];
  causes?: readonly string[];
}

/** Applies exactly a saved plan. What it does is written down before it is done. */
export async function applyPlan(task: Task, applying: Applying): Promise<Ended<'iac'>> {
  const { context, ports, environment, infrastructure } = task;
  const { slice, work, planFile, decided, causes = [] } = applying;
  const begun = await changeEnvironment(context, (state) => nextOf(beginApply(state, askerOf(context))));
  if (begun === null) {
    const message = 'A newer run has taken the infrastructure of this environment';
    return report(context, { status: 'cancelled', reason: 'superseded', message, slice, notes: ports.notes });
  }
  await context.note({ [environment]: { ...slice, phase: 'applying', question: null } }, decided);
  try {
    const timeoutMs = infrastructure.applyTimeoutMs;
    const outputs = await untilInterrupted(context, (signal) =>
      task.tool.apply(planFile, { ...work, signal, timeoutMs }),
    );
    const applied = withOutputs({ ...slice, phase: 'applied', question: null }, outputs);
    await context.note({ [environment]: applied });
    return await endApplied(task, { slice: applied, reason: 'applied', causes });
  } catch (error) {
    if (!(error instanceof OrchestraError)) throw error;
    // An apply that ended by itself says what it did; one that was cut leaves the world unknown.
    if (error.code !== 'INFRASTRUCTURE_TOOL_FAILED') return afterCut(task, { slice, message: error.message });
    const { message } = error;
    return report(context, { status: 'failure', reason: 'apply_failed', message, slice, notes: ports.notes, causes });
  }
}

function nextOf(next: EnvironmentInfrastructure | null): { next: EnvironmentInfrastructure } | null {
  return next === null ? null : { next };
}

const interrupts = new Set<string>(['cancel', 'deadline']);

// A newer push or a failed sibling lets an apply finish; a person's cancel and the deadline interrupt it, once.
function untilInterrupted<T>(context: Context, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const wishes = () => context.wishes().filter(({ wish }) => interrupts.has(wish));
  return whileUnwished({ signal: context.signal, clock: context.clock, wishes }, work);
}

interface EndApplied {
  slice: InfrastructureSlice;
  reason: 'applied' | 'no_changes' | 'resolved_happened';
  message?: string;
  decided?: readonly Decided[];
  causes?: readonly string[];
}

/** The good end: the infrastructure is as this run wants it, and is compared with the world from now on. */
export async function endApplied(
  { context, ports, infrastructure }: Pick<Task, 'context' | 'ports' | 'infrastructure'>,
  { slice, reason, message, decided, causes }: EndApplied,
): Promise<Ended<'iac'>> {
  const { jobId: _jobId, ...owner } = askerOf(context);
  const { commit } = context.run;
  const at = context.clock.now().toISOString();
  const driftCheckMs = infrastructure.rules?.driftCheckMs ?? null;
  await changeEnvironment(context, (state) => ({
    next: { ...state, applied: { ...owner, commit, at, driftCheckMs }, gone: null, resolved: null, drift: null },
  }));
  const outputsDigest = slice.phase === 'applied' ? await putOutputs(context, slice) : null;
  return report(context, {
    status: 'success',
    reason,
    message: message ?? null,
    slice,
    outputsDigest,
    decided: decided ?? [],
    causes: causes ?? [],
    notes: ports.notes,
  });
}

async function putOutputs(
  { artifacts }: Context,
  { outputs, sensitiveOutputs = [] }: InfrastructureSlice,
): Promise<string> {
  const references = Object.fromEntries(sensitiveOutputs.map((reference) => [reference.output, reference]));
  const stored = await artifacts.put(Buffer.from(JSON.stringify({ ...outputs, ...references })));
  return stored.digest;
}
