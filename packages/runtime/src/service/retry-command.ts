import {
  downstreamOf,
  isTerminal,
  opensGate,
  type PlannedUnit,
  type Received,
  type RunState,
  type ServiceName,
} from '@orchestra/contracts';
import { gateJob } from '../engine/plan-acceptance.ts';
import { jobIdOf } from '../envelope/identity.ts';
import type { NewJob } from '../ports/jobs.ts';
import type { JobRecord } from '../ports/run-store.ts';
import type { JobContext } from './context.ts';
import type { Ended, ReactionHandler } from './definition.ts';

type Command = Received<'operator_command'>;

interface Remade {
  remade: readonly string[];
  roots: readonly string[];
}

export type RetryDecision =
  | ({ kind: 'retry' } & Remade)
  | { kind: 'refuse'; reason: 'not_planned' | 'not_ours' | 'still_open' | 'passed_needs_force' | 'other_generation' };

interface Facts {
  run: Pick<RunState, 'plannedUnits' | 'units' | 'generation' | 'wishes'>;
  service: ServiceName;
  unit: string | null;
  /** The generation that the person saw; null: the newest. */
  generation: number | null;
  force: boolean;
}

/** Whether a unit is made anew, and with what: everything behind it, and siblings that were halted because of it. */
export function decideRetry({ run, service, unit, generation, force }: Facts): RetryDecision {
  const planned = run.plannedUnits.find((each) => each.unit === unit);
  if (planned === undefined) return { kind: 'refuse', reason: 'not_planned' };
  if (planned.service !== service) return { kind: 'refuse', reason: 'not_ours' };
  if (generation !== null && generation !== run.generation) return { kind: 'refuse', reason: 'other_generation' };
  const status = run.units[planned.unit]?.status ?? 'queued';
  if (!isTerminal(status)) return { kind: 'refuse', reason: 'still_open' };
  if (opensGate(status) && !force) return { kind: 'refuse', reason: 'passed_needs_force' };

  const halted = run.plannedUnits.filter((each) => run.units[each.unit]?.reason === 'halted').map((each) => each.unit);
  return { kind: 'retry', ...remadeFrom(run.plannedUnits, [planned.unit, ...halted]) };
}

/** What is made anew with some units: all behind them, and which of these start by themselves. */
function remadeFrom(plannedUnits: readonly PlannedUnit[], units: readonly string[]): Remade {
  const remade = new Set(units.flatMap((root) => downstreamOf(plannedUnits, root)));
  const roots = plannedUnits.filter((each) => remade.has(each.unit) && startsByItself(each, remade));
  return { remade: [...remade], roots: roots.map((each) => each.unit) };
}

// A unit behind another one that is made anew gets its event from there; one with a gate is started by its gate.
function startsByItself({ gate, after }: PlannedUnit, remade: ReadonlySet<string>): boolean {
  return gate === null && !after.some((unit) => remade.has(unit));
}

/** The handler of a service that obeys one order: to make one of its units anew. Any other one is refused, in words. */
export function obeyRetries<S extends ServiceName>(service: S): ReactionHandler<S, 'operator_command'> {
  return {
    kind: 'reaction',
    concerns: ({ data }) => data.addressee === service,
    handle: async (event, context) => {
      const { action, actor } = event.data;
      if (action === 'RETRY') return retryByCommand(service, event, context);
      return answered('command refused', 'not_understood', { action, actor });
    },
  };
}

/** Answers a person's RETRY that is addressed to a service: the unit and all behind it are made anew with their inputs. */
export async function retryByCommand<S extends ServiceName>(
  service: S,
  event: Command,
  context: JobContext<S>,
): Promise<Ended<S>> {
  const { unit, generation, force, actor } = event.data;
  const { run } = context;
  const decision = decideRetry({ run, service, unit, generation, force });
  const facts = { unit, generation: run.generation, actor };
  if (decision.kind === 'refuse') return answered('retry refused', decision.reason, facts);
  return remake(event, context, { ...decision, word: 'retry', facts });
}

/** Makes units and all behind them anew because of another order than RETRY. Whether that may be is for the caller to know. */
export async function remakeByCommand<S extends ServiceName>(
  event: Command,
  context: JobContext<S>,
  { units, word }: { units: readonly string[]; word: string },
): Promise<Ended<S>> {
  const { run } = context;
  const facts = { units, generation: run.generation, actor: event.data.actor };
  return remake(event, context, { ...remadeFrom(run.plannedUnits, units), word, facts });
}

interface Remaking extends Remade {
  word: string;
  facts: object;
}

async function remake<S extends ServiceName>(
  event: Command,
  context: JobContext<S>,
  { remade, roots, word, facts }: Remaking,
): Promise<Ended<S>> {
  const { run, store } = context;
  const { actor } = event.data;
  const jobs = await rootJobs(event, context, roots);
  const next = run.generation + 1;
  const gates = run.plannedUnits
    .filter((planned) => remade.includes(planned.unit))
    .flatMap((planned) => gateJob({ planned, runId: run.runId, generation: next, hops: 0, limits: {} }));
  const deadlineMs = deadlineOf(run);
  const done = await store.retry({
    runId: run.runId,
    expected: run.generation,
    remade,
    jobs,
    gates,
    deadlineMs,
    actor,
  });
  if (done.kind === 'retried') return answered(`${word} accepted`, 'ordered', { ...facts, remade });
  return answered(`${word} refused`, done.kind, facts);
}

async function rootJobs<S extends ServiceName>(
  event: Command,
  { run, store }: JobContext<S>,
  roots: readonly string[],
): Promise<NewJob[]> {
  const jobs = await store.readJobs(run.runId);
  return roots.flatMap((unit) => {
    const first = jobs.findLast((job) => job.unit === unit && !job.cause.startsWith('timer:'));
    return first === undefined ? [] : [copyOf(first, event, run.generation + 1)];
  });
}

// The payload is the one that the unit had: a retry works with the same inputs.
function copyOf(job: JobRecord, event: Command, generation: number): NewJob {
  const { service, runId, unit, handler, payload } = job;
  return {
    jobId: jobIdOf(service, event.id, unit ?? handler),
    service,
    runId,
    generation,
    unit,
    handler,
    payload,
    cause: event.id,
    causes: [event.id],
    hops: 0,
    maxAttempts: 3,
    maxMs: 3_600_000,
    bound: true,
    traceparent: null,
    delayMs: 0,
  };
}

function deadlineOf({ createdAt, deadlineAt }: RunState): number {
  if (deadlineAt === null) return 86_400_000;
  return new Date(deadlineAt).getTime() - new Date(createdAt).getTime();
}

function answered<S extends ServiceName>(what: string, reason: string, facts: unknown): Ended<S> {
  return { kind: 'end', status: null, events: [], decided: [{ what, reason, facts }] };
}
