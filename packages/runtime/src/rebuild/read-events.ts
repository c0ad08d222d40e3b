import { OrchestraError, topicNames, type Received, type Topic } from '@orchestra/contracts';
import { readEvent } from '../engine/read-event.ts';
import type { EventBus } from '../ports/event-bus.ts';
import type { EventCodec } from '../ports/event-codec.ts';
import type { RangeStart } from '../ports/topic-range.ts';

export interface ReadEvents {
  /** Those of one topic and key in the order of their records. */
  events: Received<Topic>[];
  /** Records that nobody can read: services have put them among the dead letters. */
  unreadable: number;
}

interface Asked {
  bus: EventBus;
  codec: EventCodec;
  topics?: readonly Topic[];
  from?: RangeStart;
}

/**
 * Reads the events that the topics hold now, all at once: seven days of them, and those that are kept for ever.
 *
 * @throws OrchestraError `BUS_UNAVAILABLE`, `REGISTRY_UNAVAILABLE`, retriable
 */
export async function readEvents({
  bus,
  codec,
  topics = topicNames,
  from = { kind: 'oldest' },
}: Asked): Promise<ReadEvents> {
  const read: ReadEvents = { events: [], unreadable: 0 };
  await bus.read({
    topics,
    from,
    onRecord: async (record) => {
      try {
        const { event } = await readEvent(codec, record);
        read.events.push(event);
      } catch (error) {
        if (!(error instanceof OrchestraError) || error.retriable) throw error;
        read.unreadable += 1;
      }
    },
  });
  return read;
}
