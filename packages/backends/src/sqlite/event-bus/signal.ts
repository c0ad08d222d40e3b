/** A flag to wait for: raised once or often before anybody waits, it lets the next wait through. */
export interface Signal {
  raise: () => void;
  /** Resolves when it was raised since the last time, and lowers it. */
  raised: () => Promise<void>;
}

/** Creates a lowered signal for one waiter. */
export function createSignal(): Signal {
  let isRaised = false;
  let release: (() => void) | null = null;
  return {
    raise() {
      isRaised = true;
      release?.();
    },
    async raised() {
      if (!isRaised) {
        const { promise, resolve } = Promise.withResolvers<void>();
        release = resolve;
        await promise;
      }
      isRaised = false;
    },
  };
}
