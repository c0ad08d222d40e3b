import { infrastructureName, parseTarget, type EnvironmentInfrastructure, type Target } from '@orchestra/contracts';
import { nameId, type Ended, type JobContext, unaskedJob } from '@orchestra/runtime';
import { z } from 'zod';
import { decideLook } from './decide-look.ts';
import { environmentWrite, readEnvironment } from './environment.ts';
import type { Context } from './gather-work.ts';
import type { Ports } from './ports.ts';
import { probe } from './probe.ts';

const done: Ended<'iac'> = { kind: 'end', status: null, events: [] };
const lookPayload = z.object({ environment: z.string() });

/** Finds the environments whose infrastructure is to be compared with the world now, and makes a job for each. */
export async function lookForDrift({ store, now }: Context): Promise<Ended<'iac'>> {
  const stored = await store.listTargets(null);
  const own = stored.filter(({ key }) => key.endsWith(`/${infrastructureName}`));
  for (const { version, target } of own) await enqueueLook(parseTarget(target), version, { store, now });
  return done;
}

async function enqueueLook(
  { repository, environment, infrastructure }: Target,
  version: number,
  { store, now }: Pick<JobContext<'iac'>, 'store' | 'now'>,
): Promise<void> {
  if (!infrastructure?.applied || decideLook(infrastructure, ageMs(infrastructure, now)).kind !== 'look') return;
  const cause = nameId('drift', repository, environment, String(version));
  await store.enqueue(
    unaskedJob({
      jobId: cause,
      service: 'iac',
      runId: infrastructure.applied.runId,
      generation: infrastructure.applied.generation,
      handler: 'compare',
      payload: JSON.stringify({ environment }),
      cause,
      maxAttempts: 1,
      maxMs: 3_600_000,
    }),
  );
}

function ageMs({ applied, drift }: EnvironmentInfrastructure, now: Date): number {
  const last = drift?.at ?? applied?.at;
  return last === undefined ? 0 : now.getTime() - new Date(last).getTime();
}

/** Compares what a run has applied with the world. What it finds is shown and not touched. */
export async function compareWithWorld(payload: unknown, context: Context, ports: Ports): Promise<Ended<'iac'>> {
  const { environment } = lookPayload.parse(payload);
  const held = await readEnvironment(context, context.run.repository, environment);
  const decision = decideLook(held.state, ageMs(held.state, context.now));
  if (decision.kind === 'rest') return dropped(environment, decision.reason);
  const { infrastructure } = await context.plan();
  const tool = infrastructure === null ? null : await ports.findTool(infrastructure.tool);
  if (infrastructure === null || tool === null) return dropped(environment, 'tool_not_installed');

  const quiet = { ...context, output: async () => {} };
  const drift = await probe({ context: quiet, ports, tool, infrastructure, environment }, context.now.toISOString());
  // A run that has begun meanwhile has moved the document: what was seen then says nothing.
  const write = environmentWrite(held, { ...held.state, drift: { ...drift, drifted: [...drift.drifted] } });
  if ((await context.changeTarget(write)) !== 'finished') return dropped(environment, 'a_run_works');
  const slice = context.run.slices.iac[environment];
  return {
    ...done,
    ...(slice === undefined ? {} : { slice: { [environment]: { ...slice, drift } } }),
    decided: [{ what: 'infrastructure compared', reason: drift.found, facts: { environment, ...drift } }],
  };
}

function dropped(environment: string, reason: string): Ended<'iac'> {
  return { ...done, decided: [{ what: 'infrastructure not compared', reason, facts: { environment } }] };
}
