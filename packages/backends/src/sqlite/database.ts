import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from 'node:sqlite';
import { OrchestraError } from '@orchestra/contracts';
import type { Clock } from '@orchestra/runtime';
import { createGroupCommit, type Defer } from './group-commit.ts';
import { ownFile } from './owner-lock.ts';
import { addedTables, schema, schemaVersion } from './schema.ts';
import { createStoreTime } from './store-time.ts';
import { createWakes, type Wakes } from './wakes.ts';
import { openWalDisk, type Disk } from './wal-disk.ts';

/** One row as SQLite gives it. */
export type Row = Record<string, SQLOutputValue>;

/** One SQLite file with its prepared statements, owned by this process. Run store and event bus share it. */
export interface Database {
  readonly clock: Clock;
  /** Hints between the parts of this process that something was written. */
  readonly wakes: Wakes;
  /** The store's time, milliseconds since 1970. */
  nowMs(): number;
  /** Runs a statement. Returns the number of changed rows. */
  run(sql: string, values?: readonly SQLInputValue[]): number;
  /** The first row, or null. */
  get(sql: string, values?: readonly SQLInputValue[]): Row | null;
  all(sql: string, values?: readonly SQLInputValue[]): Row[];
  /** All rows of a statement that mostly finds none. It asks for one first: naming the columns of nothing costs ten times that. */
  poll(sql: string, values?: readonly SQLInputValue[]): Row[];
  /**
   * Runs `work` as one atomic step: all of it is durable when this resolves, or nothing was written. The steps of one turn
   * of the event loop run at its end; they and those that come while the disk is busy share one commit. What it saw is
   * durable as well; a step that only looks costs no transaction.
   */
  step<T>(work: () => T): Promise<T>;
  /** Closes the file and gives it free. Safe to repeat. */
  close(): void;
}

export interface DatabaseOptions {
  /** Path of the file, or `:memory:` for one that lasts as long as the process. */
  file: string;
  clock: Clock;
  /** When the steps of a turn are committed together; a simulation has turns of its own. Default: `setImmediate`. */
  defer?: Defer;
}

/**
 * Opens the embedded database, makes its tables when it is new, and owns it until `close` or the end of the process.
 *
 * @throws OrchestraError `STORE_OWNED`, not retriable, when another process has it open
 * @throws OrchestraError `STORE_UNAVAILABLE` when the file cannot be opened, or was written by a later version
 */
export function openDatabase({ file, clock, defer = setImmediate }: DatabaseOptions): Database {
  const inMemory = file === ':memory:';
  if (!inMemory) mkdirSync(dirname(file), { recursive: true });
  const release = inMemory ? () => undefined : ownFile(file);
  try {
    const sqlite = openFile(file);
    return createDatabase({ sqlite, disk: inMemory ? null : openWalDisk(file), clock, defer, release });
  } catch (error) {
    release();
    throw unavailable(error);
  }
}

// Commits wait for the disk in a group of their own. The log is copied into the file after 64 MB instead of 4, because
// the process stands still for it, and a page that changed often meanwhile is copied once; pages of 32 MB instead of 2
// stay in memory, and so does what a step can be undone with.
const pace = `PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 16000; PRAGMA cache_size = -32768;
  PRAGMA temp_store = MEMORY`;

function openFile(file: string): DatabaseSync {
  const sqlite = new DatabaseSync(file, { timeout: 5_000, enableForeignKeyConstraints: true });
  sqlite.exec(`PRAGMA journal_mode = WAL; ${pace}`);
  const version = sqlite.prepare('PRAGMA user_version').get()?.['user_version'];
  if (version === 0) sqlite.exec(`BEGIN IMMEDIATE; ${schema} PRAGMA user_version = ${schemaVersion}; COMMIT`);
  else if (version !== schemaVersion) {
    sqlite.close();
    throw new OrchestraError(
      'STORE_UNAVAILABLE',
      `${file} has tables of version ${String(version)}, not ${schemaVersion}`,
    );
  }
  sqlite.exec(addedTables);
  return sqlite;
}

interface Opened {
  sqlite: DatabaseSync;
  disk: Disk | null;
  clock: Clock;
  defer: Defer;
  release: () => void;
}

interface Prepared {
  statement: StatementSync;
  writes: boolean;
}

function createDatabase({ sqlite, disk, clock, defer, release }: Opened): Database {
  const statements = new Map<string, Prepared>();
  const polls = new Map<string, StatementSync>();
  const group = createGroupCommit(sqlite, { disk, defer });
  function prepare(sql: string): StatementSync {
    const { statement, writes } = statements.get(sql) ?? prepareNew(sql);
    if (writes) group.beforeWrite();
    return statement;
  }
  function prepareNew(sql: string): Prepared {
    const prepared = { statement: sqlite.prepare(sql), writes: !sql.startsWith('SELECT') };
    statements.set(sql, prepared);
    return prepared;
  }
  // By the statement that it looks for: a text that is put together anew would have to be read whole to be found.
  function preparePoll(sql: string): StatementSync {
    const known = polls.get(sql);
    if (known) return known;
    const statement = sqlite.prepare(`SELECT EXISTS (${sql}) AS found`);
    polls.set(sql, statement);
    return statement;
  }
  return {
    clock,
    wakes: createWakes(),
    nowMs: createStoreTime(clock),
    run: (sql, values = []) => Number(prepare(sql).run(...values).changes),
    get: (sql, values = []) => prepare(sql).get(...values) ?? null,
    all: (sql, values = []) => prepare(sql).all(...values),
    poll: (sql, values = []) => (preparePoll(sql).get(...values)?.['found'] === 1 ? prepare(sql).all(...values) : []),
    step: (work) => group.run(work).catch(rethrow),
    close() {
      if (!sqlite.isOpen) return;
      group.flush();
      statements.clear();
      polls.clear();
      sqlite.close();
      disk?.close();
      release();
    },
  };
}

function rethrow(error: unknown): never {
  throw unavailable(error);
}

// Trouble with the file may pass. A statement that SQLite refuses is an error of this program and stays what it is.
const mayPass = new Set([5, 6, 7, 8, 10, 13, 14]);

function unavailable(error: unknown): unknown {
  if (typeof error !== 'object' || error === null || error instanceof OrchestraError) return error;
  const closed = 'code' in error && error.code === 'ERR_INVALID_STATE';
  const trouble = 'errcode' in error && typeof error.errcode === 'number' && mayPass.has(error.errcode & 0xff);
  if (!closed && !trouble) return error;
  return new OrchestraError('STORE_UNAVAILABLE', 'The SQLite file cannot be read or written', {
    retriable: true,
    cause: error,
  });
}
