import {
  infrastructureName,
  parseTarget,
  createTarget,
  readInfrastructureUnit,
  targetKey,
  untouchedInfrastructure,
  type EnvironmentInfrastructure,
  type Target,
} from '@orchestra/contracts';
import type { JobContext, TargetWrite } from '@orchestra/runtime';
import type { Asker, Wakes } from './lock.ts';

type Context = JobContext<'iac'>;

/** What the store knows of the infrastructure of an environment, as it was read. */
export interface HeldEnvironment {
  key: string;
  /** 0: nothing was written yet. */
  version: number;
  target: Target;
  state: EnvironmentInfrastructure;
}

export async function readEnvironment(
  { store }: Pick<Context, 'store'>,
  repository: string,
  environment: string,
): Promise<HeldEnvironment> {
  const name = { repository, environment, service: infrastructureName };
  const key = targetKey(name);
  const stored = await store.readTarget(key);
  const target = stored === null ? createTarget(name) : parseTarget(stored.target);
  return { key, version: stored?.version ?? 0, target, state: target.infrastructure ?? untouchedInfrastructure };
}

/** The write of a new state. The run that was applied last is kept, for its source is what is compared with the world. */
export function environmentWrite(
  held: HeldEnvironment,
  state: EnvironmentInfrastructure,
  wake: Wakes = [],
): TargetWrite {
  const pins = [state.applied?.runId, state.blocked?.runId].filter((runId) => runId !== undefined);
  return {
    key: held.key,
    expected: held.version,
    target: { ...held.target, infrastructure: state, pins: [...new Set(pins)] },
    wake: wake.map(({ jobId, memo }) => ({ service: 'iac', jobId, memo })),
  };
}

/** Changes the state of the job's environment, decided anew for as long as others change it. Null: nothing to change. */
export async function changeEnvironment(
  context: Context,
  decide: (state: EnvironmentInfrastructure) => { next: EnvironmentInfrastructure; wake?: Wakes } | null,
): Promise<EnvironmentInfrastructure | null> {
  for (;;) {
    const held = await readEnvironment(context, context.run.repository, environmentOf(context));
    const decided = decide(held.state);
    if (decided === null || decided.next === held.state) return decided?.next ?? null;
    const written = await context.changeTarget(environmentWrite(held, decided.next, decided.wake));
    if (written === 'finished') return decided.next;
  }
}

/** The environment of the job's unit. */
export function environmentOf({ job }: Pick<Context, 'job'>): string {
  const environment = readInfrastructureUnit(job.unit ?? '');
  if (environment === null) throw new TypeError(`${job.unit ?? 'A job without a unit'} is no unit of iac`);
  return environment;
}

/** The job's run, as one that asks for the lock. */
export function askerOf({ run, job }: Context): Asker {
  return { runId: run.runId, generation: job.generation, sequence: run.sequence, jobId: job.jobId };
}
