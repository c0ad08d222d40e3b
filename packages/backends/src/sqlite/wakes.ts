/** Hints inside one process: whoever waits for a name is called soon after something was written for it. */
export interface Wakes {
  wake(names: Iterable<string>): void;
  /** Returns the function that ends it. */
  listen(name: string, listener: () => void): () => void;
}

/** Creates the hints of one database. Listeners are called after the step that wakes them has returned. */
export function createWakes(): Wakes {
  const listeners = new Map<string, Set<() => void>>();
  return {
    wake(names) {
      const called = [...new Set(names)].flatMap((name) => [...(listeners.get(name) ?? [])]);
      for (const listener of called) queueMicrotask(listener);
    },
    listen(name, listener) {
      const known = listeners.get(name) ?? new Set();
      listeners.set(name, known.add(listener));
      return () => known.delete(listener);
    },
  };
}
