import { createHash } from 'node:crypto';
import { OrchestraError, parseTarget, type Drift, type RolloutSlice, type Target } from '@orchestra/contracts';
import { nameId, readHeldTarget, unaskedJob, type Ended } from '@orchestra/runtime';
import { z } from 'zod';
import { decideDriftLook, type DriftLook } from './decide-drift.ts';
import { nextDrift } from './next-drift.ts';
import type { DriftPort } from './ports.ts';
import type { Context } from './work.ts';

type Looking = Extract<DriftLook, { kind: 'look' }>;

const done: Ended<'deploy'> = { kind: 'end', status: null, events: [] };
const payloadSchema = z.object({ environment: z.string(), service: z.string() });

/** Looks at every release in a cluster; what is otherwise than it was known is told by a job of the release's run. */
export async function lookForDrift(context: Context, port: DriftPort): Promise<Ended<'deploy'>> {
  for (const stored of await context.store.listTargets(null)) {
    const target = parseTarget(stored.target);
    const look = decideDriftLook(target);
    if (look.kind === 'rest') continue;
    const changes = await changesOf(look, context, port);
    if (changes === null || nextDrift(target, changes, context.now) === target.drift) continue;
    await enqueueTelling({ ...look, target, version: stored.version, changes }, context);
  }
  return done;
}

// One target that cannot be read hides no other.
async function changesOf(
  { left }: Looking,
  { signal, log }: Context,
  port: DriftPort,
): Promise<Drift['changes'] | null> {
  try {
    return [...(await port.look(left, signal))];
  } catch (error) {
    if (signal.aborted || !(error instanceof OrchestraError)) throw error;
    log.warn({ err: error, target: left.target }, 'a release could not be compared with the cluster');
    return null;
  }
}

interface Seen extends Looking {
  target: Target;
  version: number;
  changes: Drift['changes'];
}

async function enqueueTelling({ target, version, changes, by, left }: Seen, { store }: Context): Promise<void> {
  const { environment, service } = target;
  const seen = createHash('sha256').update(JSON.stringify(changes)).digest('hex');
  const cause = nameId('drift', left.target, String(version), seen);
  const payload = JSON.stringify({ environment, service });
  await store.enqueue(
    unaskedJob({ service: 'deploy', ...by, handler: 'drift', payload, cause, maxAttempts: 3, maxMs: 600_000 }),
  );
}

/** Looks once more, and writes what it finds to the target and to what people see of the run. Nothing is changed back. */
export async function tellDrift(given: unknown, context: Context, port: DriftPort): Promise<Ended<'deploy'>> {
  const { environment, service } = payloadSchema.parse(given);
  const held = await readHeldTarget(context, { repository: context.run.repository, environment, service });
  const look = decideDriftLook(held.target);
  // A newer release has jobs of its own run.
  if (look.kind === 'rest' || look.by.runId !== context.run.runId) return done;
  const { drift: before, ...target } = held.target;
  const drift = nextDrift(held.target, [...(await port.look(look.left, context.signal))], context.now);
  if (drift === before) return done;
  const seen = drift === undefined ? {} : { drift };
  const write = { key: held.key, expected: held.version, target: { ...target, ...seen }, wake: [] };
  // Whoever has moved the target meanwhile has made another world; the next look sees that one.
  if ((await context.changeTarget(write)) !== 'finished') return done;
  const key = `${environment}/${service}`;
  const shown = context.run.slices.deploy[key];
  const facts = { environment, service, release: look.left.release, changes: drift?.changes ?? [] };
  const reason = drift === undefined ? 'as_released' : 'changed_by_others';
  return {
    ...done,
    ...(shown === undefined ? {} : { slice: { [key]: withDrift(shown, drift) } }),
    decided: [{ what: 'cluster compared', reason, facts }],
  };
}

function withDrift({ drift: _before, ...slice }: RolloutSlice, drift: Drift | undefined): RolloutSlice {
  return drift === undefined ? slice : { ...slice, drift };
}
