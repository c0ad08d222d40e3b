/** A platform that makes a run of each push. */
export interface Contender {
  /**
   * Sends pushes of as many branches at once, and waits until all runs have ended well.
   *
   * @returns milliseconds from before the first push to the end of the last run, by the clock of this machine
   * @throws Error when one of them does not end well
   */
  push(count: number): Promise<number>;
  stop(): Promise<void>;
}
