import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Disk } from './wal-disk.ts';

/** Atomic steps that share commits. */
export interface GroupCommit {
  /**
   * Runs a step at the end of this turn of the event loop, or at once where there is no disk to wait for, and resolves when
   * it is durable: with all others that came while the disk was busy, or in the same turn, by one commit. A step that
   * throws leaves nothing behind, and the others go on. What it saw is durable as well, also when it wrote nothing, as
   * most steps of those who look for work do.
   */
  run<T>(work: () => T): Promise<T>;
  /** Called by the work of a step before each statement that writes. */
  beforeWrite(): void;
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

interface Group extends PromiseWithResolvers<void> {
  /** Steps that it has, and how many it had when it was looked at last. */
  steps: number;
  seen: number;
  /** When it is committed though more steps keep coming, on the clock of `performance.now()`. */
  until: number;
}

// A commit costs as much CPU as two or three steps, whether it carries one of them or fifty.
const longestGatherMs = 5;

interface Commits {
  readonly sqlite: DatabaseSync;
  readonly disk: Disk | null;
  /** Steps that ran and are not committed. */
  open: Group | null;
  /** Steps that are committed and wait for the disk. */
  syncing: Group | null;
  /**
   * What has to be undone when the step that runs throws. The first step of a group has the transaction for itself until it is
   * over, and needs no mark to go back to. Null: no step runs.
   */
  undo: 'nothing' | 'itself' | 'group' | null;
  broken: Error | null;
}

/**
 * Creates the commits of one file. Waiting for the disk takes longer than a step: steps that come together wait for it
 * together, and while it is busy the process goes on and the next group fills. Later steps see what earlier ones wrote,
 * and are never durable without them. After a sync that failed nobody knows what the disk has: nothing is done any more
 * until the file is opened anew.
 */
export function createGroupCommit(sqlite: DatabaseSync, { disk, defer }: CommitOptions): GroupCommit {
  const commits: Commits = { sqlite, disk, open: null, syncing: null, undo: null, broken: null };
  const statements = prepareSteps(sqlite);
  const queue = createTurnQueue(defer);
  return {
    run(work) {
      // Next to each other steps take half the time that they take between the requests of a burst.
      return disk === null ? take(work) : queue.add(() => take(work));
    },
    beforeWrite() {
      if (commits.undo !== 'nothing') return;
      commits.undo = commits.open === null ? 'group' : 'itself';
      if (commits.undo === 'itself') statements.mark.run();
      const mine = commits.open ?? begin();
      mine.steps += 1;
    },
    flush() {
      queue.empty();
      flush(commits);
    },
  };

  async function take<T>(work: () => T): Promise<T> {
    if (commits.broken !== null) throw commits.broken;
    const result = runStep(commits, statements, work);
    await (commits.open ?? commits.syncing)?.promise;
    return result;
  }

  function begin(): Group {
    statements.begin.run();
    const until = performance.now() + longestGatherMs;
    const begun: Group = { ...Promise.withResolvers<void>(), steps: 0, seen: 0, until };
    commits.open = begun;
    // Nobody may wait for it: every step of the group can have failed by itself.
    begun.promise.catch(() => undefined);
    if (commits.syncing === null) defer(gather);
    return begun;
  }

  // While each turn of the event loop brings more steps, as in a burst of requests, they are waited for. A step alone is not
  // kept waiting, nor is what came while the disk was busy.
  function gather(): void {
    const { open } = commits;
    if (disk === null || open === null || open.seen === open.steps || performance.now() >= open.until) {
      return settle(commits);
    }
    open.seen = open.steps;
    defer(gather);
  }
}

/** What waits for the end of this turn of the event loop. */
function createTurnQueue(defer: Defer) {
  const waiting: (() => void)[] = [];
  function empty(): void {
    for (const begin of waiting.splice(0)) begin();
  }
  return {
    add<T>(work: () => Promise<T>): Promise<T> {
      return new Promise((resolve, reject) => {
        if (waiting.length === 0) defer(empty);
        waiting.push(() => void work().then(resolve, reject));
      });
    },
    empty,
  };
}

/** Commits and begins to wait for the disk, unless it is busy: then the end of its work calls this again. */
function settle(commits: Commits): void {
  if (commits.syncing !== null) return;
  const ending = commit(commits);
  if (ending === null) return;
  if (commits.disk === null) return ending.resolve();
  commits.syncing = ending;
  commits.disk.sync((error) => synced(commits, ending, error));
}

/** Commits the open group. Null: there is none, or it has failed. */
function commit(commits: Commits): Group | null {
  const { sqlite, open: ending } = commits;
  commits.open = null;
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

function synced(commits: Commits, group: Group, error: Error | null): void {
  // A flush in between has waited for the disk by itself.
  if (commits.syncing !== group) return;
  commits.syncing = null;
  if (error === null) {
    group.resolve();
    return settle(commits);
  }
  commits.broken = error;
  group.reject(error);
  if (isInTransaction(commits.sqlite)) commits.sqlite.exec('ROLLBACK');
  rejectOpen(commits, error);
}

function rejectOpen(commits: Commits, error: unknown): void {
  commits.open?.reject(error);
  commits.open = null;
}

function flush(commits: Commits): void {
  const waiting = [commits.syncing, commit(commits)];
  commits.syncing = null;
  try {
    commits.disk?.syncNow();
    for (const group of waiting) group?.resolve();
  } catch (error) {
    for (const group of waiting) group?.reject(error);
  }
}

type StepStatements = Readonly<Record<'begin' | 'mark' | 'keep' | 'undo', StatementSync>>;

function prepareSteps(sqlite: DatabaseSync): StepStatements {
  return {
    begin: sqlite.prepare('BEGIN IMMEDIATE'),
    mark: sqlite.prepare('SAVEPOINT step'),
    keep: sqlite.prepare('RELEASE step'),
    undo: sqlite.prepare('ROLLBACK TO step'),
  };
}

function runStep<T>(commits: Commits, { keep, undo }: StepStatements, work: () => T): T {
  commits.undo = 'nothing';
  try {
    const result = work();
    if (isMarked(commits)) keep.run();
    return result;
  } catch (error) {
    if (isMarked(commits) && isInTransaction(commits.sqlite)) {
      undo.run();
      keep.run();
    } else if (commits.undo !== 'nothing') undoGroup(commits, error);
    throw error;
  } finally {
    commits.undo = null;
  }
}

function isMarked({ undo }: Commits): boolean {
  return undo === 'itself';
}

// It has this step alone, or SQLite has rolled everything back by itself, as it does when the disk is full.
function undoGroup(commits: Commits, error: unknown): void {
  if (isInTransaction(commits.sqlite)) commits.sqlite.exec('ROLLBACK');
  rejectOpen(commits, error);
}

function isInTransaction(sqlite: DatabaseSync): boolean {
  return sqlite.isOpen && sqlite.isTransaction;
}
