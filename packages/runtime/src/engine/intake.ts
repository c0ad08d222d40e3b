import { OrchestraError, type PlannedUnit, type Received, type ServiceName, type Topic } from '@orchestra/contracts';
import type { IncomingRecord, Intake } from '../ports/event-bus.ts';
import type { ClaimedJob } from '../ports/jobs.ts';
import type { Acceptance, RunStore, Taken } from '../ports/run-store.ts';
import type { Log } from '../service/context.ts';
import type { TopicHandler } from '../service/definition.ts';
import { deadLetterOf } from './dead-letter.ts';
import { planAcceptance } from './plan-acceptance.ts';
import type { Engine } from './engine.ts';
import { readEvent, type ReadEvent } from './read-event.ts';
import { recordOrigin } from './record-origin.ts';
import type { Worker } from './worker.ts';

/** The consumer group of a service. */
export function groupOf(service: ServiceName): string {
  return `orchestra.${service}`;
}

/** Takes a record into the store: one atomic step, no work, so that a long stage never blocks a partition. */
export function createIntake<S extends ServiceName>(
  engine: Engine<S>,
  worker: Pick<Worker, 'offer'>,
): (record: IncomingRecord) => Promise<Intake> {
  const { service, bus, context, meter } = engine;
  const group = groupOf(service.name);
  return async (record) => {
    const addressee = record.headers['dlq.group'];
    if (addressee !== undefined && addressee !== group) return 'done';
    try {
      return await take(engine, worker, record);
    } catch (error) {
      if (isTransient(error)) {
        logOf(record).warn({ err: error }, 'intake rests');
        return 'later';
      }
      return await bury(record, error);
    }
  };

  async function bury(record: IncomingRecord, error: unknown): Promise<Intake> {
    const { topic } = record;
    const log = logOf(record);
    log.error({ err: error }, 'record refused, goes to the dead letters');
    meter.deadLetters.inc({ service: service.name, topic });
    try {
      await bus.publish([deadLetterOf(record, group, { error, at: context.clock.now() })]);
      return 'done';
    } catch (cause) {
      log.warn({ err: cause }, 'dead letter could not be written, intake rests');
      return 'later';
    }
  }

  function logOf(record: IncomingRecord): Log {
    const { topic, partition, offset } = record;
    return context.log.child({ ...recordOrigin(record), topic, partition, offset });
  }
}

// A refused record is one that can never be accepted. Everything that we cannot explain is retried, not buried.
function isTransient(error: unknown): boolean {
  return !(error instanceof OrchestraError) || error.retriable;
}

async function take<S extends ServiceName>(
  engine: Engine<S>,
  worker: Pick<Worker, 'offer'>,
  record: IncomingRecord,
): Promise<Intake> {
  const { service, codec, store, meter } = engine;
  const { event, traceparent } = await readEvent(codec, record);
  // What a service published itself is no news to it.
  if (event.source === service.name) return 'done';

  const acceptance = await plan(engine, { event, traceparent });
  const taken = await acceptWithRoom(store, worker, acceptance);
  meter.accepted.inc({ service: service.name, topic: event.topic, taken });
  if (taken === 'run_unknown') throw new OrchestraError('RUN_UNKNOWN', `No run ${event.runId} in this store`);
  return 'done';
}

// A worker with room gets its job with the step that makes it: one write to the disk, and no hint to wait for.
async function acceptWithRoom(store: RunStore, worker: Pick<Worker, 'offer'>, acceptance: Acceptance): Promise<Taken> {
  const makesDue = acceptance.job !== null || acceptance.input !== null;
  const offer = makesDue ? worker.offer() : null;
  if (offer === null) return store.accept(acceptance);
  let claimed: ClaimedJob | null = null;
  try {
    const { taken, job } = await store.acceptAndClaim(acceptance, offer.claim);
    claimed = job;
    return taken;
  } finally {
    offer.settle(claimed);
  }
}

/** What an event means for the store, by the card of the service. */
export async function plan<S extends ServiceName>(engine: Engine<S>, { event, traceparent }: ReadEvent<Topic>) {
  const { service, store } = engine;
  const handler = handlerOf(engine, event);
  const waits = handler.kind === 'arms' || handler.kind === 'input';
  const plannedUnits: readonly PlannedUnit[] = waits ? ((await store.readRun(event.runId))?.plannedUnits ?? []) : [];
  return planAcceptance({ service: service.name, event, handler, gate: service.gate, plannedUnits, traceparent });
}

/** The handler of a service for a topic; the bus gives it no other topics than those of its card. */
export function handlerOf<S extends ServiceName>(engine: Engine<S>, event: Received<Topic>): TopicHandler<S, Topic> {
  // The card was checked by its type when the service was defined; here the topic is known only as a value.
  const handler: TopicHandler<S, Topic> | undefined = Reflect.get(engine.service.on, event.topic);
  if (handler === undefined)
    throw new OrchestraError('TOPIC_MISSING', `${engine.service.name} does not take ${event.topic}`);
  return handler;
}
