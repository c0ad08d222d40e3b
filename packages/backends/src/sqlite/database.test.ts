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

  it('makes the file and its folder, durable to the last write', () => {
    const database = open();

    expect(database.get('PRAGMA journal_mode')).toEqual({ journal_mode: 'wal' });
    expect(database.get('PRAGMA synchronous')).toEqual({ synchronous: 2 });
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

  it('writes all of a transaction or nothing', () => {
    const database = open();

    const transaction = () =>
      database.transaction(() => {
        database.run('INSERT INTO meta VALUES (?, ?)', ['a', 'b']);
        throw new TypeError('an error of ours');
      });

    expect(transaction).toThrow('an error of ours');
    expect(database.all('SELECT * FROM meta')).toEqual([]);
    expect(database.transaction(() => 'goes on')).toBe('goes on');
  });

  it('reports a closed file as an outage', () => {
    const database = open();
    database.close();
    database.close();

    const unavailable = expect.objectContaining({ code: 'STORE_UNAVAILABLE', retriable: true });
    expect(() => database.transaction(() => null)).toThrow(unavailable);
  });

  it('does not take an error of its own for an outage', () => {
    const database = open();

    const transaction = () => database.transaction(() => database.run('INSERT INTO no_such_table VALUES (1)'));

    expect(transaction).toThrow(expect.objectContaining({ code: 'ERR_SQLITE_ERROR' }));
  });
});
