import type { EventBus, IncomingRecord, Intake, OutgoingRecord, Subscribe, Subscription } from '@orchestra/runtime';
import type { Database } from '@orchestra/backends/sqlite';
import { OrchestraError } from '@orchestra/contracts';
import type { Actor } from './actor.ts';
import { makeCall, type Network } from './reach.ts';

/** The group of one partition: the bus of the embedded form has none, so each is a reader of its own here. */
export function partitionGroup(group: string, partition: number): string {
  return `${group}/${partition}`;
}

interface Connected {
  bus: EventBus;
  database: Database;
  network: Network;
  actor: Actor;
}

/**
 * The bus as one process has it: records come late, twice and, across keys and topics, in any order; a member that stands
 * still for too long loses its partitions; one that begins may begin further back.
 */
export function wrapBus(connected: Connected): EventBus {
  const { bus, network, actor } = connected;
  return {
    ensureTopics: bus.ensureTopics,
    read: bus.read,
    publish: (records) =>
      makeCall(network, actor, { name: 'bus.publish', area: 'bus', work: () => publish(connected, records) }),
    subscribe: (wanted) =>
      makeCall(network, actor, { name: 'bus.subscribe', area: 'bus', work: () => subscribe(connected, wanted) }),
    close: async () => {},
  };
}

// Some of a batch may arrive before the rest is refused.
async function publish({ bus, network }: Connected, records: readonly OutgoingRecord[]): Promise<void> {
  const { faults } = network;
  const arrives = !faults.isHealed() && faults.random.chance(faults.plan.fail) ? records.slice(0, -1) : records;
  await bus.publish(arrives);
  if (arrives.length === records.length) return;
  throw new OrchestraError('BUS_UNAVAILABLE', 'The broker went away in the middle of a batch', { retriable: true });
}

async function subscribe(connected: Connected, wanted: Subscribe): Promise<Subscription> {
  const { network, actor } = connected;
  let members: Member[] = [];
  let isPaused = false;
  const leave = async (): Promise<void> => {
    const left = members.splice(0);
    for (const { letGo } of left) letGo();
    await Promise.all(left.map(({ subscription }) => subscription.stop()));
  };
  actor.onDeath.add(() => void leave());
  network.sessions.set(actor, {
    expire: () => void leave(),
    async renew() {
      await leave();
      await enter();
    },
  });
  const enter = async (): Promise<void> => {
    members = await join(connected, wanted);
    for (const { subscription } of members) subscription.pause(isPaused);
    // It may have died on its way in.
    if (!actor.alive) await leave();
  };
  await enter();
  return {
    fetchAgeMs: () => 0,
    joined: async () => {},
    crashed: new Promise<never>(() => {}),
    pause(paused) {
      isPaused = paused;
      for (const { subscription } of members) subscription.pause(paused);
    },
    async stop() {
      await leave();
    },
  };
}

interface Member {
  subscription: Subscription;
  /** Gives back what it has in hand: the record comes again, to whoever is next. */
  letGo(): void;
}

async function join(connected: Connected, wanted: Subscribe): Promise<Member[]> {
  const { partitions } = connected.network.faults.plan;
  const members: Member[] = [];
  for (let partition = 0; partition < partitions; partition += 1) {
    await rewind(connected, wanted, partition);
    members.push(await joinPartition(connected, wanted, partition));
  }
  return members;
}

async function joinPartition(connected: Connected, wanted: Subscribe, partition: number): Promise<Member> {
  const { bus, network, actor } = connected;
  const inHand = new Set<(intake: Intake) => void>();
  const partitions = network.faults.plan.partitions;
  const subscription = await bus.subscribe({
    ...wanted,
    group: partitionGroup(wanted.group, partition),
    onRecord: (record) =>
      partitionOf(record, partitions) === partition ? deliver(record) : Promise.resolve<Intake>('done'),
  });
  return {
    subscription,
    letGo() {
      for (const giveBack of inHand) giveBack('later');
      inHand.clear();
    },
  };

  function deliver(record: IncomingRecord): Promise<Intake> {
    return new Promise((resolve) => {
      inHand.add(resolve);
      network.timeline.after(delayOf(network), actor, () => void give(record, resolve));
    });
  }

  async function give(record: IncomingRecord, resolve: (intake: Intake) => void): Promise<void> {
    const intake = await wanted.onRecord(record).catch((): Intake => 'later');
    network.trace(actor.name, `takes ${record.topic}`, `${record.headers['ce_id'] ?? ''} ${intake}`);
    inHand.delete(resolve);
    resolve(intake);
    repeatLater(record);
  }

  function repeatLater(record: IncomingRecord): void {
    const { faults, timeline } = network;
    if (faults.isHealed() || !faults.random.chance(faults.plan.duplicate)) return;
    timeline.after(faults.random.next() ** 2 * 120_000, actor, () => void wanted.onRecord(record).catch(() => {}));
  }
}

function delayOf({ faults }: Network): number {
  const { random, plan } = faults;
  if (faults.isHealed()) return random.next() * 2;
  const late = random.chance(plan.lateRecord) ? random.next() ** 3 * 60_000 : random.next() * plan.latencyMs;
  return faults.busRestsMs() + late;
}

function partitionOf({ key }: IncomingRecord, partitions: number): number {
  const last = key?.at(-1) ?? 0;
  return last % partitions;
}

/** What a member did not commit comes again; after a reset of the group, everything does. */
async function rewind(
  { database, network }: Connected,
  { group, topics }: Subscribe,
  partition: number,
): Promise<void> {
  const { faults } = network;
  if (faults.isHealed() || !faults.random.chance(faults.plan.rewind)) return;
  const back = faults.random.chance(0.1) ? 1_000_000 : faults.random.whole(1, 8);
  await database.step(() => {
    for (const topic of topics) {
      database.run('UPDATE bus_cursors SET position = max(0, position - ?) WHERE consumer = ? AND topic = ?', [
        back,
        partitionGroup(group, partition),
        topic,
      ]);
    }
  });
}
