import { isTopic, OrchestraError, type Received, type ServiceName, type Topic } from '@orchestra/contracts';
import type { ClaimedJob } from '../ports/jobs.ts';
import type { JobContext } from '../service/context.ts';
import type { Conclusion, Ended, Result } from '../service/definition.ts';
import type { Engine } from './engine.ts';
import { handlerOf } from './intake.ts';

/** A job's handler with its input bound, whatever kind it is. */
export interface BoundHandler<S extends ServiceName> {
  obeysWishes: boolean;
  handle(context: JobContext<S>): Promise<Result<S>>;
  /** Null: nothing stands for the job, so its failure is only logged. */
  conclude: ((conclusion: Conclusion, context: JobContext<S>) => Promise<Ended<S>> | Ended<S>) | null;
}

/** @throws OrchestraError `STORE_ARGUMENT_INVALID` for a job of a handler that this version does not have */
export function resolveHandler<S extends ServiceName>(engine: Engine<S>, job: ClaimedJob): BoundHandler<S> {
  if (job.handler === 'gate') return resolveGate(engine);
  if (isTopic(job.handler)) return resolveTopic(engine, job);
  return resolveTask(engine, job);
}

function resolveGate<S extends ServiceName>({ service }: Engine<S>): BoundHandler<S> {
  const { gate } = service;
  if (gate === undefined) throw unknownHandler(service.name, 'gate');
  return {
    obeysWishes: gate.obeysWishes ?? false,
    handle: (context) => gate.handle(context),
    conclude: (conclusion, context) => gate.conclude(conclusion, context),
  };
}

function resolveTopic<S extends ServiceName>(engine: Engine<S>, job: ClaimedJob): BoundHandler<S> {
  const event = readEventPayload(job.payload);
  const found = handlerOf(engine, event);
  // Only a stage makes jobs of units.
  const handler = found.kind === 'input' || (found.kind === 'stage' && job.unit === null) ? found.reaction : found;
  if (handler?.kind === 'stage') {
    return {
      obeysWishes: handler.obeysWishes ?? false,
      handle: (context) => handler.handle(event, context),
      conclude: (conclusion, context) => handler.conclude(conclusion, event, context),
    };
  }
  if (handler?.kind !== 'reaction') throw unknownHandler(engine.service.name, event.topic);
  return { obeysWishes: true, handle: (context) => handler.handle(event, context), conclude: null };
}

function resolveTask<S extends ServiceName>({ service }: Engine<S>, job: ClaimedJob): BoundHandler<S> {
  const task = service.tasks?.[job.handler];
  if (task === undefined) throw unknownHandler(service.name, job.handler);
  const payload: unknown = JSON.parse(job.payload);
  const { conclude } = task;
  return {
    obeysWishes: (task.obeysWishes ?? false) || conclude === undefined,
    handle: (context) => task.handle(payload, context),
    conclude: conclude === undefined ? null : (conclusion, context) => conclude(conclusion, payload, context),
  };
}

function unknownHandler(service: string, handler: string): OrchestraError {
  return new OrchestraError('STORE_ARGUMENT_INVALID', `${service} has no handler ${handler}`);
}

/** The event that a job was made of. The payload is our own JSON: intake wrote it. */
function readEventPayload(payload: string): Received<Topic> {
  const event: Received<Topic> = JSON.parse(payload);
  return { ...event, time: new Date(event.time) };
}
