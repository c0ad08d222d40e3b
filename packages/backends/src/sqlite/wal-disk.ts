import { closeSync, fdatasync, fdatasyncSync, openSync } from 'node:fs';
import { OrchestraError } from '@orchestra/contracts';

/** Makes what was committed to one SQLite file outlive a loss of power. */
export interface Disk {
  /** Begins to wait for all that is written so far, and calls `done` when it is safe, or with what went wrong. */
  sync(done: (error: OrchestraError | null) => void): void;
  /**
   * The same while the process stands still.
   *
   * @throws OrchestraError `STORE_UNAVAILABLE`, retriable
   */
  syncNow(): void;
  close(): void;
}

/**
 * Opens the write-ahead log of an open database. SQLite writes a commit into it without waiting for the disk
 * (`synchronous = NORMAL`), and this waits, in another thread. SQLite still syncs the log before it copies it into the
 * file, so that the file is whole in any case; and it makes the log anew only when the last connection has gone.
 */
export function openWalDisk(file: string): Disk {
  const log = openSync(`${file}-wal`, 'r');
  let pending = 0;
  let isClosed = false;
  // A process that was killed between a commit and its sync leaves what is readable and not yet safe.
  fdatasyncSync(log);
  return {
    sync(done) {
      pending += 1;
      fdatasync(log, (error) => {
        pending -= 1;
        if (isClosed && pending === 0) closeSync(log);
        done(error === null ? null : unavailable(error));
      });
    },
    syncNow() {
      try {
        fdatasyncSync(log);
      } catch (error) {
        throw unavailable(error);
      }
    },
    close() {
      if (!isClosed && pending === 0) closeSync(log);
      isClosed = true;
    },
  };
}

function unavailable(cause: unknown): OrchestraError {
  return new OrchestraError('STORE_UNAVAILABLE', 'The SQLite file cannot be synced to its disk', {
    retriable: true,
    cause,
  });
}
