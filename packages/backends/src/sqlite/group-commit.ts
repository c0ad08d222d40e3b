import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Disk } from './wal-disk.ts';

/** Atomic steps that share commits. */
export interface GroupCommit {
  /**
   * Runs a step at once, and resolves when it is durable: with all others that came while the disk was busy, or in the
   * same turn of the event loop, by one commit. A step that throws leaves nothing behind, and the others go on.
   */
  run<T>(work: () => T): Promise<T>;
  /** Looks without writing. What is seen is durable when this resolves. */
  read<T>(work: () => T): Promise<T>;
  /** Commits what waits, and stands still until it is durable. */
  flush(): void;
}

/** Calls the function when this turn of the event loop ends. */
export type Defer = (flush: () => void) => unknown;

export interface CommitOptions {
  /** Null: there is none to wait for, the database is in memory. */
  disk: Disk | null;
  defer: Defer;
}

type Group = PromiseWithResolvers<void>;

/**
 * Creates the commits of one file. Waiting for the disk takes longer than a step: steps that come together wait for it
 * together, and while it is busy the process goes on and the next group fills. Later steps see what earlier ones wrote,
 * and are never durable without them. After a sync that failed nobody knows what the disk has: nothing is done any more
 * until the file is opened anew.
 */
export function createGroupCommit(sqlite: DatabaseSync, { disk, defer }: CommitOptions): GroupCommit {
  const statements = prepareSteps(sqlite);
  // Steps that ran and are not committed; steps that are committed and wait for the disk.
  let open: Group | null = null;
  let syncing: Group | null = null;
  let broken: Error | null = null;
  return {
    async run(work) {
      const mine = open ?? begin();
      const result = inSavepoint(sqlite, statements, { work, rolledBack });
      await mine.promise;
      return result;
    },
    async read(work) {
      if (broken !== null) throw broken;
      const mine = open ?? syncing;
      const result = work();
      await mine?.promise;
      return result;
    },
    flush() {
      const waiting = syncing;
      syncing = null;
      const ending = commit();
      try {
        disk?.syncNow();
        waiting?.resolve();
        ending?.resolve();
      } catch (error) {
        waiting?.reject(error);
        ending?.reject(error);
      }
    },
  };

  function begin(): Group {
    if (broken !== null) throw broken;
    sqlite.exec('BEGIN IMMEDIATE');
    const begun: Group = Promise.withResolvers();
    open = begun;
    // Nobody may wait for it: every step of the group can have failed by itself.
    begun.promise.catch(() => undefined);
    if (syncing === null) defer(settle);
    return begun;
  }

  function rolledBack(error: unknown): void {
    open?.reject(error);
    open = null;
  }

  function settle(): void {
    if (syncing !== null) return;
    const ending = commit();
    if (ending === null) return;
    if (disk === null) return ending.resolve();
    syncing = ending;
    disk.sync((error) => synced(ending, error));
  }

  /** Commits the open group. Null: there is none, or it has failed. */
  function commit(): Group | null {
    const ending = open;
    open = null;
    if (ending === null) return null;
    try {
      sqlite.exec('COMMIT');
      return ending;
    } catch (error) {
      if (isInTransaction(sqlite)) sqlite.exec('ROLLBACK');
      ending.reject(error);
      return null;
    }
  }

  function synced(group: Group, error: Error | null): void {
    // A flush in between has waited for the disk by itself.
    if (syncing !== group) return;
    syncing = null;
    if (error === null) {
      group.resolve();
      return settle();
    }
    broken = error;
    group.reject(error);
    if (open !== null && isInTransaction(sqlite)) sqlite.exec('ROLLBACK');
    rolledBack(error);
  }
}

type StepStatements = Readonly<Record<'begin' | 'keep' | 'undo', StatementSync>>;

function prepareSteps(sqlite: DatabaseSync): StepStatements {
  return {
    begin: sqlite.prepare('SAVEPOINT step'),
    keep: sqlite.prepare('RELEASE step'),
    undo: sqlite.prepare('ROLLBACK TO step'),
  };
}

interface Attempted<T> {
  work: () => T;
  /** Called when SQLite has rolled everything back by itself, as it does when the disk is full. */
  rolledBack: (error: unknown) => void;
}

function inSavepoint<T>(sqlite: DatabaseSync, { begin, keep, undo }: StepStatements, attempted: Attempted<T>): T {
  begin.run();
  try {
    const result = attempted.work();
    keep.run();
    return result;
  } catch (error) {
    if (isInTransaction(sqlite)) {
      undo.run();
      keep.run();
    } else attempted.rolledBack(error);
    throw error;
  }
}

function isInTransaction(sqlite: DatabaseSync): boolean {
  return sqlite.isOpen && sqlite.isTransaction;
}
