import type { Artifact, BuildPlan, Received } from '@orchestra/contracts';
import { queueOutput, type Bench } from '@orchestra/adapters/workbench';
import { limitLeftMs, type Decided, type Ended, type JobContext } from '@orchestra/runtime';
import { decideBuild, type BuildDecision, type BuildFacts } from './decide-build.ts';
import { gatherFacts } from './gather-facts.ts';
import { makeArchive } from './make-archive.ts';
import { makeImage } from './make-image.ts';
import type { Ports } from './ports.ts';
import { report, type BuildEnd } from './report.ts';

export interface BuildRequest {
  event: Received<'code_push'>;
  snapshotDigest: string;
  plan: BuildPlan;
  /** Of the project. */
  name: string;
}

/** What every way to build has at hand. */
export interface Building {
  request: BuildRequest;
  bench: Bench;
  context: JobContext<'build'>;
  ports: Ports;
  /** Milliseconds that are left for all commands together; at least 1. */
  remainingMs(): number;
  say(text: string): void;
}

/** What a way to build comes to: artifacts, or why there are none. */
export type Made =
  | { kind: 'made'; artifacts: readonly Artifact[] }
  | ({ kind: 'ended' } & Pick<BuildEnd, 'status' | 'reason' | 'message'>);

/** Builds one snapshot in a fresh workspace: gather, decide, perform, report. */
export async function build(
  request: BuildRequest,
  context: JobContext<'build'>,
  ports: Ports,
): Promise<Ended<'build'>> {
  const { plan, snapshotDigest } = request;
  const startedAt = context.clock.monotonicMs();
  const snapshot = await context.artifacts.open(snapshotDigest);
  const bench = await ports.workbench.open([snapshot], context.signal);
  const output = queueOutput(context.output);
  const elapsedMs = (): number => Math.round(context.clock.monotonicMs() - startedAt);
  const leftMs = limitLeftMs(context, plan.timeoutMs);
  const remainingMs = (): number => Math.max(1, leftMs - elapsedMs());
  try {
    const building = { request, bench, context, ports, remainingMs, say: output.write };
    const { decision, decided } = await decide(building);
    const made = await perform(decision, building);
    await output.flush();
    const ended = report({ ...toEnd(made), durationMs: elapsedMs() }, plan, ports.workbench.notes);
    return { ...ended, decided: [decided, ...(ended.decided ?? [])] };
  } finally {
    await bench.close();
  }
}

async function decide({ request, bench, context, ports }: Building) {
  const facts = await gatherFacts(request.plan, bench, ports.images);
  const decision = decideBuild(request.plan, facts);
  context.log.info({ kind: decision.kind, reason: decision.reason }, 'build decided');
  return { decision, decided: decidedOf(decision, facts) };
}

// A Dockerfile that was written for the project stands in the output; here it is enough that there was one.
function decidedOf(decision: BuildDecision, { template, ...facts }: BuildFacts): Decided {
  const commands = decision.kind === 'commands' ? decision.commands : [];
  const program = decision.kind === 'image' ? decision.program : null;
  const made = { kind: decision.kind, commands, program, hasTemplate: template !== null };
  return { what: 'build decided', reason: decision.reason, facts: { ...made, ...facts } };
}

async function perform(decision: BuildDecision, building: Building): Promise<Made> {
  switch (decision.kind) {
    case 'refuse':
      return { kind: 'ended', status: decision.status, reason: decision.reason, message: decision.message };
    case 'image':
      return makeImage(decision, building);
    case 'commands':
      return makeArchive(decision.commands, building);
  }
}

function toEnd(made: Made): Omit<BuildEnd, 'durationMs'> {
  if (made.kind === 'made') return { status: 'success', reason: null, message: null, artifacts: made.artifacts };
  const { status, reason, message } = made;
  return { status, reason, message, artifacts: [] };
}
