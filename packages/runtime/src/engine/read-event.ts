import { isTopic, maySend, OrchestraError, type Received, type Topic } from '@orchestra/contracts';
import { readEnvelope } from '../envelope/envelope.ts';
import type { IncomingRecord } from '../ports/event-bus.ts';
import type { EventCodec } from '../ports/event-codec.ts';

export interface ReadEvent<T extends Topic> {
  event: Received<T>;
  traceparent: string | null;
}

/**
 * Reads a record whole: headers, publisher, body.
 *
 * @throws OrchestraError, not retriable: the record is poison; retriable: it could not be judged yet
 */
export async function readEvent(codec: EventCodec, record: IncomingRecord): Promise<ReadEvent<Topic>> {
  const { topic, value } = record;
  if (!isTopic(topic)) throw new OrchestraError('TOPIC_MISSING', `${topic} is not in the topic table`);
  const envelope = readEnvelope(record.headers);
  if (!maySend(envelope.source, topic)) {
    throw new OrchestraError('EVENT_WRONG_PUBLISHER', `${envelope.source} may not publish on ${topic}`);
  }
  if (value === null) throw new OrchestraError('EVENT_NOT_FRAMED', 'The record has no value');

  const data = await codec.decode(topic, value);
  const { id, source, subject, generation, hops, causeId, time, traceparent } = envelope;
  const event = { topic, id, runId: envelope.runId ?? '', source, subject, generation, hops, causeId, time, data };
  return { event, traceparent };
}
