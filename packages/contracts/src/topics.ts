import type { Payloads } from './events.generated.ts';
import type { TerminalStatus } from './run-state/status.ts';
import { topics } from './topics.generated.ts';

type Table = typeof topics;

/** The name of a topic, of its schema file and of its handler file. */
export type Topic = keyof Table;

/** The services, by the names of the topic table. */
export type ServiceName = Table[Topic]['publishers' | 'consumers'][number];

/** The topics that service S has to handle. */
export type ConsumedBy<S extends ServiceName> = {
  [T in Topic]: S extends Table[T]['consumers'][number] ? T : never;
}[Topic];

/** The topics that service S may publish. */
export type PublishedBy<S extends ServiceName> = {
  [T in Topic]: S extends Table[T]['publishers'][number] ? T : never;
}[Topic];

/** An accepted event. `id` is ce_id, `runId` ce_correlationid, `causeId` ce_causationid, `subject` the unit. */
export interface Received<T extends Topic> {
  topic: T;
  id: string;
  runId: string;
  source: ServiceName;
  subject: string;
  generation: number;
  hops: number;
  causeId: string | null;
  time: Date;
  data: Payloads[T];
}

/** What a handler returns. Id, key, cause, generation and time are added by the runtime. */
export type Outgoing<T extends Topic> = { [K in T]: { topic: K; data: Payloads[K] } }[T];

/** What an event says about a unit that a gate waits for. */
export interface GateInputOf {
  unit: string;
  status: TerminalStatus;
}

/** All topics, in the order of the table. */
export const topicNames: readonly Topic[] = Object.keys(topics).filter(isTopic);

/** All services, in the order in which they first publish; then those that only listen. */
export const serviceNames: readonly ServiceName[] = [
  ...new Set<ServiceName>([
    ...topicNames.flatMap((topic) => topics[topic].publishers),
    ...topicNames.flatMap((topic) => topics[topic].consumers),
  ]),
];

/** Whether a word is a topic of the table. */
export function isTopic(word: string): word is Topic {
  return Object.hasOwn(topics, word);
}

/** Whether a word is the name of a service. */
export function isServiceName(word: string): word is ServiceName {
  return serviceNames.some((name) => name === word);
}

/** Whether the table lets a service publish on a topic. */
export function maySend(service: string, topic: Topic): boolean {
  return topics[topic].publishers.some((name) => name === service);
}

/** The topics that a service consumes. */
export function consumedBy(service: ServiceName): Topic[] {
  return topicNames.filter((topic) => topics[topic].consumers.some((name) => name === service));
}
