/** A flag is on for a share of the users of an environment. */
export interface FlagChange {
  flag: string;
  environment: string;
  /** 0: for nobody. */
  percent: number;
  /** The release that has what is behind the flag. */
  release: string;
  /** The number of the move: a change of an older one than the last is refused. */
  epoch: number;
  /** The same change has the same key, however often it is asked for. */
  key: string;
}

/** What keeps feature flags. */
export interface Flags {
  /**
   * Makes true that a flag is on for so many percent. May be repeated: one that nobody answered is asked for again.
   *
   * @throws OrchestraError `FLAGS_UNAVAILABLE` (retriable), `FLAGS_REFUSED` (not retriable)
   */
  change(change: FlagChange, signal?: AbortSignal): Promise<void>;
}
