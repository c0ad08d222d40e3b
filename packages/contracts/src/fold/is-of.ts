import type { Received, Topic } from '../topics.ts';

/** Whether an event is of a topic. */
export function isOf<T extends Topic>(event: Received<Topic>, topic: T): event is Received<T> {
  return event.topic === topic;
}
