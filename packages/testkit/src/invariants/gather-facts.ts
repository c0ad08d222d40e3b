import {
  isTopic,
  maySend,
  OrchestraError,
  parseTarget,
  serviceNames,
  type Received,
  type Topic,
} from '@orchestra/contracts';
import { readEnvelope, type EventCodec, type IncomingRecord, type RunStore } from '@orchestra/runtime';
import type { RecordFacts, RunFacts, WorldFacts } from './world-facts.ts';

/** Where the facts of a world come from. What is left out took no part in it. */
export interface FactSources extends Partial<
  Pick<WorldFacts, 'effects' | 'groups' | 'leftovers' | 'messages' | 'pushes'>
> {
  store: RunStore;
  /** Reads the bodies of the records; that of the services under test. */
  codec: EventCodec;
  /** All records of all topics and of their dead letters, each topic in its order. */
  records: readonly IncomingRecord[];
}

/** Reads all that a checker needs from the store's port and from recorded topics. The world has to be at rest. */
export async function gatherFacts({ store, codec, records, ...given }: FactSources): Promise<WorldFacts> {
  const runs = await gatherRuns(store);
  const repositories = [...new Set(runs.map(({ state }) => state.repository))];
  const quarantine = await Promise.all(repositories.map(async (repository) => store.readQuarantine(repository)));
  const targets = await store.listTargets(null);
  return {
    runs,
    queues: await Promise.all(serviceNames.map(async (service) => ({ service, ...(await store.stats(service)) }))),
    targets: targets.map(({ key, version, target }) => ({ key, version, target: parseTarget(target) })),
    quarantine: quarantine.flat(),
    records: await Promise.all(records.map(async (record) => gatherRecord(codec, record))),
    groups: given.groups ?? [],
    pushes: given.pushes ?? [],
    effects: given.effects ?? [],
    messages: given.messages ?? [],
    leftovers: given.leftovers ?? [],
  };
}

const pageSize = 100;

async function gatherRuns(store: RunStore): Promise<RunFacts[]> {
  const runs: RunFacts[] = [];
  let before: string | null = null;
  for (;;) {
    const page = await store.listRuns({ repository: null, limit: pageSize, before });
    for (const state of page) {
      const { runId } = state;
      runs.push({ state, history: await store.readHistory(runId), jobs: await store.readJobs(runId) });
    }
    before = page.at(-1)?.runId ?? null;
    if (page.length < pageSize) return runs;
  }
}

async function gatherRecord(codec: EventCodec, record: IncomingRecord): Promise<RecordFacts> {
  const { topic, partition, offset, key, value, headers, timestamp } = record;
  const at = {
    topic,
    partition,
    offset,
    key: key?.toString('utf8') ?? '',
    value,
    headers,
    at: timestamp.toISOString(),
  };
  if (!isTopic(topic)) return { ...at, event: null, problem: null };
  try {
    return { ...at, event: await readRecord(codec, topic, record), problem: null };
  } catch (error) {
    if (!(error instanceof OrchestraError) || error.retriable) throw error;
    return { ...at, event: null, problem: error.code };
  }
}

async function readRecord(
  codec: EventCodec,
  topic: Topic,
  { headers, value }: IncomingRecord,
): Promise<Received<Topic>> {
  const { runId, traceparent: _traceparent, ...envelope } = readEnvelope(headers);
  if (!maySend(envelope.source, topic)) {
    throw new OrchestraError('EVENT_WRONG_PUBLISHER', `${envelope.source} may not publish on ${topic}`);
  }
  if (value === null) throw new OrchestraError('EVENT_NOT_FRAMED', 'The record has no value');
  return { topic, runId: runId ?? '', ...envelope, data: await codec.decode(topic, value) };
}
