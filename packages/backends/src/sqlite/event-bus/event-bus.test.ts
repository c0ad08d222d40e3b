import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { OrchestraError, type IncomingRecord, type Intake, type OutgoingRecord } from '@orchestra/runtime';
import { createFakeClock, eventually, testEventBus, type FakeClock } from '@orchestra/testkit';
import { openDatabase, type Database } from '../database.ts';
import { createSqliteEventBus } from './event-bus.ts';
import { open } from './open-sqlite-event-bus.fixture.ts';

testEventBus('SQLite', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bus-'));
  const file = join(folder, 'orchestra.db');
  return {
    open: async () => open(file),
    async openUnreachable() {
      const bus = await open(join(folder, 'gone.db'));
      await bus.close();
      return bus;
    },
    crash: { module: new URL('open-sqlite-event-bus.fixture.ts', import.meta.url).href, argument: file },
    sharesGroups: false,
    close: async () => rm(folder, { recursive: true }),
  };
});

describe('the event bus on SQLite', () => {
  const day = 86_400_000;
  let clock: FakeClock;
  let database: Database;
  beforeEach(() => {
    clock = createFakeClock();
    database = openDatabase({ file: ':memory:', clock });
  });
  afterEach(() => database.close());

  /** Subscribes, and resolves when `count` records have come. */
  async function readAll(group: string, topic: string, count: number): Promise<string[]> {
    const bus = createSqliteEventBus({ database });
    const values: string[] = [];
    const onRecord = async ({ value }: IncomingRecord) => {
      values.push(String(value));
      return 'done' as const;
    };
    await bus.subscribe({ group, topics: [topic], restMs: 10, onRecord });
    await eventually({ see: () => values, until: ({ length }) => length >= count });
    await bus.close();
    return values;
  }

  it('gives each record to one member of a group, and all of them to the one that is left', async () => {
    const bus = createSqliteEventBus({ database });
    const values: string[] = [];
    const onRecord = async ({ value }: IncomingRecord) => {
      values.push(String(value));
      return 'done' as const;
    };
    await bus.ensureTopics(['t']);
    const first = await bus.subscribe({ group: 'g', topics: ['t'], restMs: 10, onRecord });
    await bus.subscribe({ group: 'g', topics: ['t'], restMs: 10, onRecord });

    await bus.publish([recordOf('t', 'one')]);
    await eventually({ see: () => values, until: ({ length }) => length === 1 });
    await first.stop();
    await bus.publish([recordOf('t', 'two')]);
    await eventually({ see: () => values, until: ({ length }) => length === 2 });
    await bus.close();

    expect(values).toEqual(['one', 'two']);
  });

  it('publishes all records of a call or none', async () => {
    const bus = createSqliteEventBus({ database });
    await bus.ensureTopics(['t']);

    const publish = bus.publish([recordOf('t', 'one'), recordOf('no such topic', 'two')]);

    await expect(publish).rejects.toMatchObject({ code: 'TOPIC_MISSING' });
    expect(database.all('SELECT * FROM bus_records')).toEqual([]);
  });

  it('removes a record that is old and behind the slowest group, and no other', async () => {
    const bus = createSqliteEventBus({ database });
    await bus.ensureTopics(['t']);
    await bus.publish([recordOf('t', 'old')]);
    await readAll('slow', 't', 1);
    await clock.advance(8 * day);
    await bus.publish([recordOf('t', 'young')]);

    await readAll('fast', 't', 2);

    const kept = await readAll('new', 't', 1);
    expect(kept).toEqual(['young']);
  });

  it('keeps an old record that one group has not read', async () => {
    const bus = createSqliteEventBus({ database });
    await bus.ensureTopics(['t']);
    const resting = { group: 'slow', topics: ['t'], restMs: 30 * day, onRecord: async () => 'later' as const };
    const slow = await bus.subscribe(resting);
    await bus.publish([recordOf('t', 'old')]);
    await clock.advance(8 * day);
    await slow.stop();

    await readAll('fast', 't', 1);

    expect(await readAll('slow', 't', 1)).toEqual(['old']);
  });

  it('keeps the records of a topic that a rebuild needs', async () => {
    const bus = createSqliteEventBus({ database });
    await bus.ensureTopics(['deployment_triggered']);
    await bus.publish([recordOf('deployment_triggered', 'old')]);
    await clock.advance(100 * day);

    await readAll('one', 'deployment_triggered', 1);

    expect(await readAll('two', 'deployment_triggered', 1)).toEqual(['old']);
  });

  it('gives records again, and goes on, where the disk had no room for how far it is', async () => {
    let isFull = false;
    const full = new OrchestraError('STORE_UNAVAILABLE', 'database or disk is full', { retriable: true });
    const step: Database['step'] = async (work) => (isFull ? Promise.reject(full) : database.step(work));
    const bus = createSqliteEventBus({ database: { ...database, step } });
    await bus.ensureTopics(['t']);
    await bus.publish([recordOf('t', 'a')]);
    const seen: string[] = [];
    await bus.subscribe({
      group: 'g',
      topics: ['t'],
      restMs: 10,
      async onRecord({ value }) {
        isFull = seen.length === 0;
        seen.push(String(value));
        return 'done';
      },
    });

    await eventually({ see: () => seen, until: ({ length }) => length === 1 });
    isFull = false;
    await eventually({ see: () => clock.advance(10).then(() => seen), until: ({ length }) => length === 2 });
    await bus.publish([recordOf('t', 'b')]);
    await eventually({ see: () => clock.advance(10).then(() => seen), until: ({ length }) => length === 3 });
    await bus.close();

    expect(seen).toEqual(['a', 'a', 'b']);
  });

  it('says that it has crashed when it cannot go on', async () => {
    const bus = createSqliteEventBus({ database });
    await bus.ensureTopics(['t']);
    const subscription = await bus.subscribe({ group: 'g', topics: ['t'], restMs: 10, onRecord: takeAll });

    database.run('DROP TABLE bus_records');
    database.wakes.wake(['topic:t']);

    await expect(subscription.crashed).rejects.toMatchObject({ code: 'BUS_CRASHED' });
  });
});

function recordOf(topic: string, value: string): OutgoingRecord {
  return { topic, key: 'k', value: Buffer.from(value), headers: {} };
}

async function takeAll(): Promise<Intake> {
  return 'done';
}
