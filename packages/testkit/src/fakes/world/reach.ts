/** How one caller reaches a fake of the outside world. A simulation puts time, trouble and crashes in between. */
export interface Reach {
  /** The process that asks, such as `deploy#2`. */
  by: string;
  /**
   * Does `work` in the world, at once or later, and brings its answer.
   *
   * @param name what is asked, such as `target.share`
   * @param signal ends the wait for the answer; what was asked may happen all the same
   */
  call<T>(name: string, work: () => T, signal?: AbortSignal): Promise<T>;
}

/** Reaches the world at once and without trouble. */
export function createDirectReach(by: string): Reach {
  return {
    by,
    async call(_name, work, signal) {
      signal?.throwIfAborted();
      return work();
    },
  };
}
