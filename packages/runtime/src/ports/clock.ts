/** Time as a port, so that a simulation repeats byte for byte. */
export interface Clock {
  /** Wall-clock time. */
  now(): Date;
  /** Milliseconds of a clock that never jumps; only differences mean something. */
  monotonicMs(): number;
  /** Resolves after `ms`, or rejects with the signal's reason. */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Identity and chance as a port. */
export interface Ids {
  /** A new UUIDv7. */
  next(): string;
  /** A ratio, 0 (included) to 1 (excluded). */
  chance(): number;
}
