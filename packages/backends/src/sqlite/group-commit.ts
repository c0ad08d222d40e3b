import type { DatabaseSync } from 'node:sqlite';

/** Atomic steps that share commits. */
export interface GroupCommit {
  /**
   * Runs a step at once, and resolves when it is durable: with all others of this turn of the event loop, by one commit.
   * A step that throws leaves nothing behind, and the others go on.
   */
  run<T>(work: () => T): Promise<T>;
  /** Looks without writing. What is seen is durable when this resolves. */
  read<T>(work: () => T): Promise<T>;
  /** Commits what waits. */
  flush(): void;
}

/**
 * Creates the commits of one file. Waiting for the disk takes a hundred times longer than a step: steps that come
 * together wait for it together. Later steps see what earlier ones of their group wrote, and are never durable without it.
 */
export function createGroupCommit(sqlite: DatabaseSync): GroupCommit {
  let group: PromiseWithResolvers<void> | null = null;
  return {
    async run(work) {
      const mine = group ?? begin();
      const result = inSavepoint(sqlite, { work, rolledBack });
      await mine.promise;
      return result;
    },
    async read(work) {
      const mine = group;
      const result = work();
      await mine?.promise;
      return result;
    },
    flush,
  };

  function begin(): PromiseWithResolvers<void> {
    sqlite.exec('BEGIN IMMEDIATE');
    const begun = Promise.withResolvers<void>();
    group = begun;
    // Nobody may wait for it: every step of the group can have failed by itself.
    begun.promise.catch(() => undefined);
    setImmediate(flush);
    return begun;
  }

  function rolledBack(error: unknown): void {
    group?.reject(error);
    group = null;
  }

  function flush(): void {
    const ending = group;
    group = null;
    try {
      if (ending !== null) sqlite.exec('COMMIT');
      ending?.resolve();
    } catch (error) {
      if (isInTransaction(sqlite)) sqlite.exec('ROLLBACK');
      ending?.reject(error);
    }
  }
}

interface Attempted<T> {
  work: () => T;
  /** Called when SQLite has rolled everything back by itself, as it does when the disk is full. */
  rolledBack: (error: unknown) => void;
}

function inSavepoint<T>(sqlite: DatabaseSync, { work, rolledBack }: Attempted<T>): T {
  sqlite.exec('SAVEPOINT step');
  try {
    const result = work();
    sqlite.exec('RELEASE step');
    return result;
  } catch (error) {
    if (isInTransaction(sqlite)) sqlite.exec('ROLLBACK TO step; RELEASE step');
    else rolledBack(error);
    throw error;
  }
}

function isInTransaction(sqlite: DatabaseSync): boolean {
  return sqlite.isOpen && sqlite.isTransaction;
}
