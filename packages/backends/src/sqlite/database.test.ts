import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createFakeClock } from '@orchestra/testkit';
import { openDatabase, type Database } from './database.ts';

describe('openDatabase', () => {
  let folder: string;
  let file: string;
  let opened: Database[];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'database-'));
    file = join(folder, 'data', 'orchestra.db');
    opened = [];
  });
  afterEach(async () => {
    for (const database of opened) database.close();
    await rm(folder, { recursive: true });
  });

  function open(): Database {
    const database = openDatabase({ file, clock: createFakeClock() });
    opened.push(database);
    return database;
  }

  it('makes the file and its folder, whole after a loss of power', () => {
    const database = open();

    expect(database.get('PRAGMA journal_mode')).toEqual({ journal_mode: 'wal' });
    expect(database.get('PRAGMA synchronous')).toEqual({ synchronous: 1 });
    expect(database.get('PRAGMA busy_timeout')).toEqual({ timeout: 5_000 });
  });

  it('finds again what was written', () => {
    const first = open();
    first.run('INSERT INTO meta VALUES (?, ?)', ['a', 'b']);
    first.close();

    expect(open().all('SELECT * FROM meta')).toEqual([{ key: 'a', value: 'b' }]);
  });

  it('refuses a file that another process owns, by the name of that process, until it is killed', async () => {
    const program = new URL('owner.fixture.ts', import.meta.url).pathname;
    const owner = spawn(process.execPath, ['--conditions=source', program, file], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    await once(owner.stdout, 'data');

    expect(() => open()).toThrow(
      expect.objectContaining({
        code: 'STORE_OWNED',
        retriable: false,
        message: expect.stringContaining(`${owner.pid}`),
      }),
    );
    owner.kill('SIGKILL');
    await once(owner, 'exit');

    expect(open().all('SELECT * FROM meta')).toEqual([]);
  });

  it('refuses to open a file twice in one process, and lets it go with the first', () => {
    const first = open();

    expect(() => open()).toThrow(expect.objectContaining({ code: 'STORE_OWNED' }));
    first.close();

    expect(() => open()).not.toThrow();
  });

  it('refuses tables of a later version, and gives the file free', () => {
    open().close();
    const foreign = new DatabaseSync(file);
    foreign.exec('PRAGMA user_version = 99');
    foreign.close();

    const attempts = [1, 2].map(() => () => open());

    for (const attempt of attempts) expect(attempt).toThrow(expect.objectContaining({ code: 'STORE_UNAVAILABLE' }));
  });

  it('makes a table that a file of the same version lacks', () => {
    open().close();
    const older = new DatabaseSync(file);
    older.exec('DROP TABLE samples');
    older.close();

    expect(open().all('SELECT * FROM samples')).toEqual([]);
  });

  it('writes all of a step or nothing, and the steps beside it go on', async () => {
    const database = open();

    const steps = [
      database.step(() => database.run('INSERT INTO meta VALUES (?, ?)', ['before', '1'])),
      database.step(() => {
        database.run('INSERT INTO meta VALUES (?, ?)', ['a', 'b']);
        throw new TypeError('an error of ours');
      }),
      database.step(() => database.run('INSERT INTO meta VALUES (?, ?)', ['after', '1'])),
    ];

    expect(await Promise.allSettled(steps)).toMatchObject([
      { status: 'fulfilled' },
      { status: 'rejected', reason: new TypeError('an error of ours') },
      { status: 'fulfilled' },
    ]);
    expect(database.all('SELECT key FROM meta')).toEqual([{ key: 'after' }, { key: 'before' }]);
  });

  it('shares one commit between the steps of one turn, and none is done before it', async () => {
    const database = open();
    const other = new DatabaseSync(file, { readOnly: true });
    const seen = () => other.prepare('SELECT count(*) AS count FROM meta').get()?.['count'];

    const steps = ['a', 'b', 'c'].map(async (key) => {
      await database.step(() => database.run('INSERT INTO meta VALUES (?, ?)', [key, '']));
      return seen();
    });
    const before = seen();

    expect(before).toBe(0);
    expect(await Promise.all(steps)).toEqual([3, 3, 3]);
    other.close();
  });

  it('shows a step to those who look, and lets them wait until it is durable', async () => {
    const database = open();
    const order: string[] = [];

    const step = database.step(() => database.run('INSERT INTO meta VALUES (?, ?)', ['a', '']));
    const look = database.step(() => database.all('SELECT key FROM meta'));
    await Promise.all([step.then(() => order.push('written')), look.then(() => order.push('seen'))]);

    expect(await look).toEqual([{ key: 'a' }]);
    expect(order).toEqual(['written', 'seen']);
  });

  it('fails every step of a group that SQLite has rolled back by itself, and goes on', async () => {
    const database = open();

    const steps = [
      database.step(() => database.run('INSERT INTO meta VALUES (?, ?)', ['lost', ''])),
      database.step(() => database.run('ROLLBACK')),
    ];

    const states = (await Promise.allSettled(steps)).map(({ status }) => status);
    expect(states).toEqual(['rejected', 'rejected']);
    await database.step(() => database.run('INSERT INTO meta VALUES (?, ?)', ['kept', '']));
    expect(database.all('SELECT key FROM meta')).toEqual([{ key: 'kept' }]);
  });

  it('keeps what is under way when it is closed', async () => {
    const database = open();
    const step = database.step(() => database.run('INSERT INTO meta VALUES (?, ?)', ['a', '']));

    database.close();

    await step;
    expect(open().all('SELECT key FROM meta')).toEqual([{ key: 'a' }]);
  });

  it('reports a closed file as an outage', async () => {
    const database = open();
    database.close();
    database.close();

    const unavailable = expect.objectContaining({ code: 'STORE_UNAVAILABLE', retriable: true });
    await expect(database.step(() => database.run('DELETE FROM meta'))).rejects.toEqual(unavailable);
    await expect(database.step(() => database.all('SELECT 1'))).rejects.toEqual(unavailable);
  });

  it('does not take an error of its own for an outage', async () => {
    const database = open();

    const step = database.step(() => database.run('INSERT INTO no_such_table VALUES (1)'));

    await expect(step).rejects.toEqual(expect.objectContaining({ code: 'ERR_SQLITE_ERROR' }));
  });
});
