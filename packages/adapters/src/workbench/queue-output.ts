/** Output on its way to a place that takes its time. */
export interface OutputQueue {
  /** Takes text at once. */
  write(text: string): void;
  /** Waits until everything was written. @throws what writing threw first */
  flush(): Promise<void>;
}

/** Creates a queue that writes in order, one call at a time; what comes meanwhile goes together into the next call. */
export function queueOutput(write: (text: string) => Promise<void>): OutputQueue {
  let waiting = '';
  let last = Promise.resolve();

  async function writeWaiting(): Promise<void> {
    const text = waiting;
    waiting = '';
    await write(text);
  }

  return {
    write(text) {
      const isScheduled = waiting !== '';
      waiting += text;
      if (isScheduled || text === '') return;
      last = last.then(writeWaiting);
      // Whoever flushes hears of a failure; until then it is nobody's.
      last.catch(() => undefined);
    },
    flush: async () => last,
  };
}
