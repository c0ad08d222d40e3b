import { openDistributed, type Distributed } from '@orchestra/backends/distributed';
import { platformTopics } from '@orchestra/backends/kafka';
import { consumedBy, serviceNames } from '@orchestra/contracts';
import {
  groupOf,
  runtimeEnv,
  type EventBus,
  type IncomingRecord,
  type JobRecord,
  type RunStore,
} from '@orchestra/runtime';
import {
  checkInvariants,
  describeViolation,
  gatherFacts,
  readLags,
  readRecords,
  silentLog,
  type AcceptedPush,
  type GroupFacts,
  type WorldFacts,
} from '@orchestra/testkit';
import type { FaultWorld } from './fault-world.ts';
import { findLeftovers } from './leftovers.ts';
import { lookUntil } from './look-until.ts';
import { messagesIn, readEffects } from './world-effects.ts';

/** Waits until a world is at rest, then says in whole sentences what it did against the invariants; empty: nothing. */
export async function findViolations(world: FaultWorld, pushes: readonly AcceptedPush[]): Promise<string[]> {
  const look = async () => checkInvariants(await factsOf(world, pushes)).map(describeViolation);
  const found = await look();
  // A schedule may have begun while we looked; what is broken stays so.
  return found.length === 0 ? found : look();
}

/** All that the store, the topics, the targets and the channels of a world hold once it is at rest. */
export function factsOf(world: FaultWorld, pushes: readonly AcceptedPush[]): Promise<WorldFacts> {
  return withBackends(world, async ({ store, codec, bus }) => {
    await lookUntil({ see: () => busyIn(store), until: (busy) => busy.length === 0, timeoutMs: 60_000 });
    const groups = await lookUntil({ see: () => lagsIn(world), until: isAtEnd, timeoutMs: 30_000 });
    const records = await readTopics(bus, platformTopics());
    const effects = await readEffects(world.platform.data);
    const messages = messagesIn(world.slack.messages);
    const leftovers = await findLeftovers(world.platform.data);
    return gatherFacts({ store, codec, records, pushes, groups, effects, messages, leftovers });
  });
}

/** How many events a run has on a topic. */
export function countEvents(world: FaultWorld, topic: string, runId: string): Promise<number> {
  return withBackends(world, async ({ bus }) => {
    const records = await readTopics(bus, [topic]);
    return records.filter(({ headers }) => headers['ce_correlationid'] === runId).length;
  });
}

// The broker of a crowded machine may answer too late; what one look has read then is not all.
async function readTopics(bus: EventBus, topics: string[]): Promise<IncomingRecord[]> {
  const see = (): Promise<IncomingRecord[] | null> => readRecords(bus, { topics }).catch(() => null);
  const read = await lookUntil({ see, until: (records) => records !== null, timeoutMs: 120_000 });
  return read ?? [];
}

/** Opens the servers of a world as one of its services does, for a while. */
export async function withBackends<T>(world: FaultWorld, work: (backends: Distributed) => Promise<T>): Promise<T> {
  const folders = { ARTIFACTS_DIR: '/nonexistent', LOGS_DIR: '/nonexistent' };
  const backends = await openDistributed(runtimeEnv.parse({ ...world.environment, ...folders }), silentLog);
  try {
    return await work(backends);
  } finally {
    await backends.close();
  }
}

/** Which topics the group of each service reads. */
export const reads = Object.fromEntries(serviceNames.map((name) => [groupOf(name), consumedBy(name)]));

/** How far the services are behind. */
export function lagsIn({ proxies }: FaultWorld): Promise<GroupFacts[]> {
  return readLags({ brokers: [proxies.kafka.address], reads });
}

// What was taken is committed a little later.
function isAtEnd(groups: readonly GroupFacts[]): boolean {
  return groups.every(({ lag }) => lag === 0);
}

const soonMs = 60_000;

async function busyIn(store: RunStore): Promise<string[]> {
  const queues = await Promise.all(serviceNames.map(async (name) => ({ name, ...(await store.stats(name)) })));
  const busy = queues.filter(({ ready, leased, outbox }) => ready + leased + outbox > 0).map(({ name }) => name);
  if (busy.length > 0) return busy;
  const runs = await store.listRuns({ repository: null, limit: 100, before: null });
  const open = runs.filter(({ endedAt }) => endedAt === null).map(({ runId }) => runId);
  if (open.length > 0) return open;
  const jobs = (await Promise.all(runs.map(({ runId }) => store.readJobs(runId)))).flat();
  return jobs.filter(isDueSoon).map(({ jobId }) => jobId);
}

// What was restored is watched beyond the end of its run; the deadline of a run is hours away.
function isDueSoon({ status, dueAt }: JobRecord): boolean {
  if (status !== 'parked') return status !== 'done';
  return Date.parse(dueAt ?? '') < Date.now() + soonMs;
}
