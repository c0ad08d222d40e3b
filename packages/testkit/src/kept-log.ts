import type { Log } from '@orchestra/runtime';

/** One line that was logged: its message, its data and what it was bound to. */
export type KeptLine = Readonly<Record<string, unknown>>;

export interface KeptLog {
  log: Log;
  /** The first line with this message. */
  find(message: string): KeptLine | undefined;
}

/** A log that keeps its lines for the test to read. */
export function createKeptLog(): KeptLog {
  const lines: KeptLine[] = [];
  return { log: bind({}), find: (message) => lines.find(({ msg }) => msg === message) };

  function bind(bound: object): Log {
    const keep = (data: object, msg: string): void => {
      lines.push({ ...bound, ...data, msg });
    };
    return { debug: keep, info: keep, warn: keep, error: keep, child: (data) => bind({ ...bound, ...data }) };
  }
}
