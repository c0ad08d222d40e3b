import { createSqliteEventBus, createSqliteRunStore, openDatabase, type Database } from '@orchestra/backends/sqlite';
import { createLocalCodec, topicNames } from '@orchestra/contracts';
import type { ArtifactStore, Clock, EventBus, EventCodec, LogStore, RunStore } from '@orchestra/runtime';
import {
  createEffectLedger,
  createFakeBenches,
  createFakeChat,
  createFakeForge,
  createFakeInfrastructure,
  createFakeRegistry,
  createFakeRepositories,
  createFakeTargets,
  createMemoryArtifacts,
  recordBus,
  type AcceptedPush,
} from '@orchestra/testkit/world';
import { readBehaviour, readCommandEnd, readInfrastructure } from './commit.ts';

/** Everything outside of the nine services. */
export interface World {
  clock: Clock;
  database: Database;
  store: RunStore;
  bus: EventBus;
  /** All that was published. */
  records: ReturnType<typeof recordBus>['records'];
  codec: EventCodec;
  artifacts: ArtifactStore;
  logs: LogStore;
  outside: Outside;
  pushes: AcceptedPush[];
}

export type Outside = ReturnType<typeof createOutside>;

// Schemas are compiled once: the codec has no state of a world.
const codec = createLocalCodec();

/** Makes an empty world: store and bus of the embedded form in memory, and a fake of everything else. */
export async function createWorld(clock: Clock, storeClock: Clock): Promise<World> {
  const database = openDatabase({ file: ':memory:', clock: storeClock, defer: queueMicrotask });
  const store = createSqliteRunStore({ database });
  const recorded = recordBus(createSqliteEventBus({ database }), () => storeClock.now());
  await store.initialize('simulation');
  await recorded.bus.ensureTopics(topicNames.flatMap((topic) => [topic, `${topic}.dlq`]));
  return {
    clock,
    database,
    store,
    bus: recorded.bus,
    records: recorded.records,
    codec,
    artifacts: createMemoryArtifacts(),
    logs: { append: async () => {}, read: async () => ({ text: '', next: 0 }), list: async () => [] },
    outside: createOutside(clock),
    pushes: [],
  };
}

function createOutside(clock: Clock) {
  const ledger = createEffectLedger(clock);
  return {
    ledger,
    benches: createFakeBenches(readCommandEnd),
    chat: createFakeChat(clock, ledger),
    forge: createFakeForge(ledger),
    infrastructure: createFakeInfrastructure(readInfrastructure, ledger),
    registry: createFakeRegistry(ledger),
    repositories: createFakeRepositories(),
    targets: createFakeTargets({ clock, ledger, behave: readBehaviour }),
  };
}
