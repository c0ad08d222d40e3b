import { isTerminal, type PlannedUnit, type Received, type ServiceName, type Topic } from '@orchestra/contracts';
import { gateIdOf, jobIdOf } from '../envelope/identity.ts';
import type { GateInput, GateJob, NewJob } from '../ports/jobs.ts';
import type { Acceptance } from '../ports/run-store.ts';
import type { GateHandler, JobLimits, ReactionHandler, StageHandler, TopicHandler } from '../service/definition.ts';

interface Facts<S extends ServiceName, T extends Topic> {
  service: S;
  event: Received<T>;
  handler: TopicHandler<S, T>;
  gate: GateHandler<S> | undefined;
  /** Empty before gitops has read the file, and for events without a run. */
  plannedUnits: readonly PlannedUnit[];
  traceparent: string | null;
}

const defaultAttempts = 3;
const defaultMaxMs = 3_600_000;

/** What an event means for a service: a job, an input of gates, a notice, or nothing but having been seen. */
export function planAcceptance<S extends ServiceName, T extends Topic>(facts: Facts<S, T>): Acceptance {
  const { service, event, handler } = facts;
  const nothing: Acceptance = {
    service,
    eventId: event.id,
    runId: event.runId === '' ? null : event.runId,
    job: null,
    arm: [],
    input: null,
    follow: false,
  };
  switch (handler.kind) {
    case 'follow':
      return { ...nothing, follow: true };
    case 'arms':
      return { ...nothing, arm: gatesOf(facts) };
    case 'input':
      return { ...nothing, arm: gatesOf(facts), input: inputOf(facts), job: reactionJob(facts, handler.reaction) };
    case 'stage':
      return { ...nothing, job: stageJob(facts, handler) ?? reactionJob(facts, handler.reaction) };
    case 'reaction':
      return { ...nothing, job: reactionJob(facts, handler) };
  }
}

function inputOf<S extends ServiceName, T extends Topic>({ handler, event }: Facts<S, T>): GateInput | null {
  if (handler.kind !== 'input') return null;
  const input = handler.input(event);
  if (input === null || !isTerminal(input.status)) return null;
  return { ...input, generation: event.generation, eventId: event.id };
}

function stageJob<S extends ServiceName, T extends Topic>(
  facts: Facts<S, T>,
  handler: StageHandler<S, T>,
): NewJob | null {
  const unit = handler.unit(facts.event);
  if (unit === null) return null;
  const bound = handler.bound?.(facts.event) ?? true;
  return { ...jobOf(facts, handler, unit), unit, bound };
}

function reactionJob<S extends ServiceName, T extends Topic>(
  facts: Facts<S, T>,
  handler: ReactionHandler<S, T> | undefined,
): NewJob | null {
  if (handler === undefined || handler.concerns?.(facts.event) === false) return null;
  return jobOf(facts, handler, facts.event.topic);
}

function jobOf<S extends ServiceName, T extends Topic>(facts: Facts<S, T>, limits: JobLimits, name: string): NewJob {
  const { service, event, traceparent } = facts;
  return {
    jobId: jobIdOf(service, event.id, name),
    service,
    runId: event.runId === '' ? null : event.runId,
    generation: event.generation,
    unit: null,
    handler: event.topic,
    payload: JSON.stringify(event),
    cause: event.id,
    causes: [event.id],
    hops: event.hops,
    maxAttempts: limits.attempts ?? defaultAttempts,
    maxMs: limits.maxMs ?? defaultMaxMs,
    bound: false,
    traceparent,
    delayMs: 0,
  };
}

// Gates of later generations are armed by the retry that makes their units anew. When it made the push itself anew, the plan
// may have units of which that retry knew nothing: they are armed by the new push.
function gatesOf<S extends ServiceName, T extends Topic>(facts: Facts<S, T>): GateJob[] {
  const { service, event, gate, plannedUnits } = facts;
  const { generation } = event;
  if (gate === undefined || (generation !== 1 && facts.handler.kind !== 'arms')) return [];
  return plannedUnits
    .filter((planned) => planned.service === service)
    .flatMap((planned) => gateJob({ planned, runId: event.runId, generation, hops: event.hops, limits: gate }));
}

interface GateOf {
  planned: PlannedUnit;
  runId: string;
  generation: number;
  hops: number;
  limits: JobLimits;
}

/** The job in which the gate of a planned unit ends; none for a unit without a gate. */
export function gateJob({ planned, runId, generation, hops, limits }: GateOf): GateJob[] {
  const { unit, service, gate, gateDeadlineMs } = planned;
  if (gate === null) return [];
  const gateId = gateIdOf({ service, runId, generation, unit });
  return [
    {
      jobId: jobIdOf(service, gateId, unit),
      service,
      runId,
      generation,
      unit,
      handler: 'gate',
      payload: '{}',
      cause: gateId,
      causes: [],
      hops,
      maxAttempts: limits.attempts ?? defaultAttempts,
      maxMs: limits.maxMs ?? defaultMaxMs,
      bound: true,
      traceparent: null,
      delayMs: gateDeadlineMs,
      inputs: gate,
    },
  ];
}
