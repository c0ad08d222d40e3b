/** One reader at a time for each name, so that two members of a group never get the same record. */
export interface Turns {
  /** Resolves when it is this reader's turn, with what ends it; null when `signal` ended the wait. */
  take(name: string, signal: AbortSignal): Promise<(() => void) | null>;
}

/** Creates turns that are given in the order of asking. */
export function createTurns(): Turns {
  const last = new Map<string, Promise<void>>();
  return {
    async take(name, signal) {
      const before = last.get(name) ?? Promise.resolve();
      const mine = Promise.withResolvers<void>();
      last.set(
        name,
        before.then(() => mine.promise),
      );
      const aborted = Promise.withResolvers<void>();
      signal.addEventListener('abort', () => aborted.resolve(), { once: true });
      await Promise.race([before, aborted.promise]);
      if (!signal.aborted) return mine.resolve;
      mine.resolve();
      return null;
    },
  };
}
