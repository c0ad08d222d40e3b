import type { ConsumedBy, Payloads, Plan, Received, RunState, ServiceName, Topic, Wish } from '@orchestra/contracts';
import { topics } from '@orchestra/contracts';
import {
  nameId,
  type JobContext,
  type JobView,
  type ReactionHandler,
  type Result,
  type Service,
  type TopicHandler,
} from '@orchestra/runtime';
import { aContext, type Around } from './given-context.ts';

/** What is around one attempt of a test; everything has a default. */
export interface Receive<S extends ServiceName> extends Around<S> {
  run?: Partial<RunState>;
  plan?: Plan;
  job?: Partial<JobView>;
  wishes?: readonly Wish[];
  event?: Partial<Omit<Received<Topic>, 'topic' | 'data'>>;
}

interface Delivery<S extends ServiceName, T extends ConsumedBy<S>> extends Receive<S> {
  topic: T;
  data: Payloads[T];
}

/** Gives one event to a service's handler and returns its result. No bus; the store is a fake of the context. */
export async function receive<S extends ServiceName, T extends ConsumedBy<S>>(
  service: Service<S>,
  delivery: Delivery<S, T>,
): Promise<Result<S> | null> {
  const { topic, data } = delivery;
  const context: JobContext<S> = aContext(service.name, delivery);
  const event: Received<T> = {
    topic,
    id: nameId('test-event', topic, context.run.runId),
    runId: context.run.runId,
    source: topics[topic].publishers[0],
    subject: topic,
    generation: context.job.generation,
    hops: 1,
    causeId: null,
    time: context.now,
    ...delivery.event,
    data,
  };
  return deliver(service.on[topic], event, context);
}

function deliver<S extends ServiceName, T extends Topic>(
  handler: TopicHandler<S, T>,
  event: Received<T>,
  context: JobContext<S>,
): Promise<Result<S>> | null {
  switch (handler.kind) {
    case 'follow':
    case 'arms':
      return null;
    case 'input':
      return react(handler.reaction, event, context);
    case 'stage':
      if (handler.unit(event) !== null) return handler.handle(event, context);
      return react(handler.reaction, event, context);
    case 'reaction':
      return react(handler, event, context);
  }
}

function react<S extends ServiceName, T extends Topic>(
  reaction: ReactionHandler<S, T> | undefined,
  event: Received<T>,
  context: JobContext<S>,
): Promise<Result<S>> | null {
  if (reaction === undefined || reaction.concerns?.(event) === false) return null;
  return reaction.handle(event, context);
}
