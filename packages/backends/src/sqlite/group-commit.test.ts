import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { OrchestraError } from '@orchestra/contracts';
import { createGroupCommit, type GroupCommit } from './group-commit.ts';
import type { Disk } from './wal-disk.ts';

/** A disk that is done when it is told so. */
function createSlowDisk() {
  const waiting: ((error: OrchestraError | null) => void)[] = [];
  let syncedNow = 0;
  const disk: Disk = {
    sync: (done) => waiting.push(done),
    syncNow() {
      syncedNow += 1;
    },
    close() {},
  };
  return {
    disk,
    /** How many syncs are under way. */
    busy: () => waiting.length,
    syncedNow: () => syncedNow,
    finish: (error: OrchestraError | null = null) => waiting.shift()?.(error),
  };
}

describe('createGroupCommit', () => {
  let sqlite: DatabaseSync;
  let slow: ReturnType<typeof createSlowDisk>;
  let group: GroupCommit;
  let done: string[];
  beforeEach(() => {
    sqlite = new DatabaseSync(':memory:');
    sqlite.exec('CREATE TABLE t (key TEXT)');
    slow = createSlowDisk();
    group = createGroupCommit(sqlite, { disk: slow.disk, defer: setImmediate });
    done = [];
  });

  async function write(key: string): Promise<void> {
    await group.run(() => {
      group.beforeWrite();
      sqlite.prepare('INSERT INTO t VALUES (?)').run(key);
    });
    done.push(key);
  }

  function keys(): unknown[] {
    return sqlite
      .prepare('SELECT key FROM t ORDER BY key')
      .all()
      .map(({ key }) => key);
  }

  it('begins to wait for the disk when a turn brings nothing more, and no step is done before it is', async () => {
    const steps = [write('a'), write('b')];
    await turn();

    expect({ busy: slow.busy(), done, isTransaction: sqlite.isTransaction }).toEqual({
      busy: 1,
      done: [],
      isTransaction: false,
    });
    slow.finish();
    await Promise.all(steps);

    expect(done).toEqual(['a', 'b']);
  });

  it('makes one group of all that comes while the disk is busy, and begins it as soon as the disk is free', async () => {
    const first = write('a');
    await turn();
    const second = write('b');
    await turn();
    const third = write('c');
    await turn();

    expect(slow.busy()).toBe(1);
    slow.finish();
    await first;

    expect({ done, busy: slow.busy() }).toEqual({ done: ['a'], busy: 1 });
    slow.finish();
    await Promise.all([second, third]);

    expect(done).toEqual(['a', 'b', 'c']);
  });

  it('begins a transaction with the first write of a step, and none for a step that only looks', async () => {
    await group.run(() =>
      expect({ keys: keys(), isTransaction: sqlite.isTransaction }).toEqual({ keys: [], isTransaction: false }),
    );
    const step = group.run(() => {
      group.beforeWrite();
      return sqlite.isTransaction;
    });
    await turn();
    slow.finish();

    expect(await step).toBe(true);
  });

  it('leaves nothing of a first step that throws, and the step behind it has a group of its own', async () => {
    const failed = group.run(() => {
      group.beforeWrite();
      sqlite.prepare(`INSERT INTO t VALUES ('gone')`).run();
      throw new TypeError('an error of ours');
    });
    const second = write('b');
    await expect(failed).rejects.toThrow('an error of ours');
    await turn();
    slow.finish();
    await second;

    expect(keys()).toEqual(['b']);
  });

  it('waits for more while each turn brings some, and not for ever', async () => {
    const steps = [write('a')];
    for (const key of ['b', 'c', 'd']) {
      await new Promise(setImmediate);
      steps.push(write(key));
    }
    expect(slow.busy()).toBe(0);
    await turn();
    expect(slow.busy()).toBe(1);
    slow.finish();
    await Promise.all(steps);

    const endless: Promise<void>[] = [];
    while (slow.busy() === 0) {
      endless.push(write('e'));
      await new Promise(setImmediate);
    }
    slow.finish();
    slow.finish();
    group.flush();
    await Promise.all(endless);

    expect(done.slice(0, 4)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('lets who looks wait for what the disk does not yet have, and no longer', async () => {
    const step = write('a');
    await turn();
    const look = group.run(keys).then((seen) => done.push(`seen ${seen.join()}`));
    await turn();

    expect(done).toEqual([]);
    slow.finish();
    await Promise.all([step, look]);

    expect(done).toEqual(['a', 'seen a']);
    expect(await group.run(keys)).toEqual(['a']);
  });

  it('runs the steps of a turn next to each other when the turn ends', async () => {
    const order: string[] = [];
    const steps = ['a', 'b'].map((key) => group.run(() => order.push(key)));
    order.push('the turn');
    await Promise.all(steps);

    expect(order).toEqual(['the turn', 'a', 'b']);
  });

  it('does nothing any more after a sync that failed, because nobody knows what the disk has', async () => {
    const trouble = new OrchestraError('STORE_UNAVAILABLE', 'no disk', { retriable: true });
    const steps = [write('a')];
    await turn();
    steps.push(write('b'));
    slow.finish(trouble);

    const ends = await Promise.allSettled([...steps, write('c'), group.run(keys)]);

    expect(ends).toEqual(ends.map(() => ({ status: 'rejected', reason: trouble })));
    expect(keys()).toEqual(['a']);
  });

  it('stands still for the disk when it is flushed, and takes no notice of the sync that was under way', async () => {
    const first = write('a');
    await turn();
    const second = write('b');

    group.flush();
    await Promise.all([first, second]);
    slow.finish();

    expect({ done, synced: slow.syncedNow() }).toEqual({ done: ['a', 'b'], synced: 1 });
  });
});

// One in which steps run, and two that bring nothing more.
async function turn(): Promise<void> {
  for (let count = 0; count < 3; count += 1) await new Promise(setImmediate);
}
