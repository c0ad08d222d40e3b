import { describe, expect, it } from '@jest/globals';
import { OrchestraError } from '@orchestra/contracts';
import type { OutgoingRecord } from '../ports/event-bus.ts';
import { createSystemClock } from '../system-clock.ts';
import type { Engine, Loop } from './engine.ts';
import { createOutboxHead, type OutboxHead } from './outbox-head.ts';
import { startRelay } from './relay.ts';
import { defaultSettings } from './settings.ts';

describe('startRelay', () => {
  it('says whose event the bus did not take, and publishes it later', async () => {
    await using world = startWorld({ refusals: 1 });
    world.write(['e1']);

    await world.published(1);

    expect(world.names()).toEqual(['e1']);
    expect(world.lines).toEqual([
      { err: expect.any(OrchestraError), records: 1, event: 'e1', runId: 'r1', topic: 'build_ready' },
    ]);
  });

  it('publishes what a finish hands over without a read, when it follows on what is known', async () => {
    await using world = startWorld({});
    world.write(['e1']);
    await world.published(1);
    const reads = world.reads();

    world.handOver(['e2', 'e3']);
    world.handOver(['e4']);
    await world.published(4);

    expect(world.names()).toEqual(['e1', 'e2', 'e3', 'e4']);
    expect(world.reads()).toBe(reads);
  });

  it('publishes older entries of another process first', async () => {
    await using world = startWorld({});
    world.write(['e1']);
    await world.published(1);

    world.write(['theirs']);
    world.handOver(['ours']);
    await world.published(3);

    expect(world.names()).toEqual(['e1', 'theirs', 'ours']);
  });

  it('publishes on while a deletion is on its way, and nothing twice', async () => {
    await using world = startWorld({});
    const deletion = world.holdDeletions();
    world.write(['e1']);
    await world.published(1);

    world.handOver(['e2']);
    await world.published(2);
    world.relay.wake();
    deletion.resolve();
    await world.deleted(2);

    expect(world.names()).toEqual(['e1', 'e2']);
  });

  it('deletes together what it published within a while, and all of it before it stops', async () => {
    const world = startWorld({ acknowledgeMs: 60_000 });
    world.write(['e1']);
    await world.published(1);
    world.handOver(['e2']);
    await world.published(2);
    world.handOver(['e3']);
    await world.published(3);
    const before = world.deletions();

    await world.relay.stop();

    expect(before).toBe(0);
    expect(world.deletions()).toBe(1);
    expect(world.stored.entries).toEqual([]);
  });

  it('publishes nothing again whose deletion failed, and deletes it later', async () => {
    await using world = startWorld({ failedDeletions: 2 });
    world.write(['e1']);
    await world.published(1);

    world.write(['e2']);
    await world.deleted(2);

    expect(world.names()).toEqual(['e1', 'e2']);
  });

  it('publishes again what another process left between its publishing and its deletion', async () => {
    const first = startWorld({});
    const deletion = first.holdDeletions();
    first.write(['e1']);
    await first.published(1);

    await using second = startWorld({ stored: first.stored });
    await second.published(1);

    expect(second.names()).toEqual(['e1']);
    await second.deleted(1);
    deletion.resolve();
    await first.relay.stop();
  });

  it('leaves everything alone while another process has the right to publish', async () => {
    await using world = startWorld({ owned: false });
    world.write(['e1']);

    await world.asked(2);
    world.own();
    await world.published(1);

    expect(world.names()).toEqual(['e1']);
  });

  it('publishes what was handed over before it stops', async () => {
    const world = startWorld({});
    world.write(['e1']);
    await world.published(1);

    world.handOver(['e2']);
    await world.relay.stop();

    expect(world.names()).toEqual(['e1', 'e2']);
    expect(world.stored.entries).toEqual([]);
  });
});

interface Stored {
  entries: { position: string; record: OutgoingRecord }[];
  last: number;
}

interface World extends AsyncDisposable {
  relay: Loop;
  lines: object[];
  stored: Stored;
  /** Stores as a process does that hands nothing over. */
  write(ids: string[]): void;
  /** Stores and hands over. */
  handOver(ids: string[]): void;
  /** No deletion ends before this is resolved. */
  holdDeletions(): PromiseWithResolvers<void>;
  own(): void;
  names(): string[];
  reads(): number;
  deletions(): number;
  published(count: number): Promise<void>;
  deleted(count: number): Promise<void>;
  /** Until the right to publish was asked for so often. */
  asked(count: number): Promise<void>;
}

interface Given {
  refusals?: number;
  failedDeletions?: number;
  owned?: boolean;
  stored?: Stored;
  acknowledgeMs?: number;
}

function startWorld({
  refusals = 0,
  failedDeletions = 0,
  owned = true,
  stored = { entries: [], last: 0 },
  acknowledgeMs = 0,
}: Given): World {
  const lines: object[] = [];
  const sent: string[] = [];
  const head: OutboxHead = createOutboxHead();
  const state = {
    refusals,
    failedDeletions,
    owned,
    reads: 0,
    asked: 0,
    deleted: 0,
    deletions: 0,
    gate: Promise.resolve(),
  };
  const clock = createSystemClock();
  const store = {
    readOutbox: async () => {
      state.reads += 1;
      return [...stored.entries];
    },
    takeRelay: async () => {
      state.asked += 1;
      return state.owned;
    },
    acknowledge: async (_service: string, positions: readonly string[]) => {
      state.deletions += 1;
      await state.gate;
      state.failedDeletions -= 1;
      if (state.failedDeletions >= 0) throw unavailable('STORE_UNAVAILABLE');
      stored.entries = stored.entries.filter(({ position }) => !positions.includes(position));
      state.deleted += positions.length;
    },
  };
  const publish = async (records: readonly OutgoingRecord[]): Promise<void> => {
    state.refusals -= 1;
    if (state.refusals >= 0) throw unavailable('BUS_UNAVAILABLE');
    sent.push(...records.map(({ headers }) => headers['ce_id'] ?? ''));
  };
  const relay = startRelay({
    service: { name: 'build' },
    owner: 'test',
    head,
    settings: { ...defaultSettings, acknowledgeMs, restMs: 1, pollMs: 60_000, ...(owned ? {} : { pollMs: 1 }) },
    meter: { published: { inc: () => {} } },
    context: { clock, log: { warn: (data: object) => lines.push(data) } },
    store,
    bus: { publish },
  } as unknown as Engine<'build'>);

  function append(ids: string[]): { after: string; positions: string[]; records: OutgoingRecord[] } {
    const after = String(stored.last);
    const entries = ids.map((id) => {
      stored.last += 1;
      return { position: String(stored.last), record: recordOf(id) };
    });
    stored.entries.push(...entries);
    return { after, positions: entries.map(({ position }) => position), records: entries.map(({ record }) => record) };
  }

  return {
    relay,
    lines,
    stored,
    write(ids) {
      append(ids);
      relay.wake();
    },
    handOver(ids) {
      const { records, ...handed } = append(ids);
      const atMs = clock.monotonicMs();
      head.give({ handed, records, atMs, heldUntilMs: atMs + 60_000 });
    },
    holdDeletions() {
      const held = Promise.withResolvers<void>();
      state.gate = held.promise;
      return held;
    },
    own() {
      state.owned = true;
    },
    names: () => sent,
    reads: () => state.reads,
    deletions: () => state.deletions,
    published: (count) => until(() => sent.length >= count),
    deleted: (count) => until(() => state.deleted >= count),
    asked: (count) => until(() => state.asked >= count),
    [Symbol.asyncDispose]: () => relay.stop(),
  };
}

async function until(reached: () => boolean): Promise<void> {
  while (!reached()) await new Promise((resolve) => setImmediate(resolve));
}

function recordOf(id: string): OutgoingRecord {
  return {
    topic: 'build_ready',
    key: 'r1',
    value: Buffer.from('x'),
    headers: { ce_id: id, ce_correlationid: 'r1' },
  };
}

function unavailable(code: 'BUS_UNAVAILABLE' | 'STORE_UNAVAILABLE'): OrchestraError {
  return new OrchestraError(code, 'not now', { retriable: true });
}
