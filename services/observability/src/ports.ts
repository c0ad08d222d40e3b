/** Growing counts of requests by time to answer: `counts[i]` up to `boundsMs[i]`, and one more for what was slower. */
export interface Histogram {
  boundsMs: readonly number[];
  counts: readonly number[];
}

/** What one release did so far. All but memory and the processes only grow; null: nobody can tell. */
export interface Counters {
  requests: number;
  /** Answers of 500 and above, and requests without an answer. */
  errors: number;
  latency: Histogram;
  networkBytes: number;
  cpuSeconds: number | null;
  memoryBytes: number | null;
  diskWrittenBytes: number | null;
  wanted: number;
  ready: number;
  /** What the app says about itself; null: it has no metrics page, or it did not answer. */
  app: { requests: number; errors: number; latency: Histogram | null } | null;
}

/** All releases of a target at one moment. */
export interface Measurement {
  at: Date;
  /** Changes when the counters begin anew. */
  countedSince: string;
  releases: Readonly<Record<string, Counters>>;
}

/** Where releases are measured. */
export interface Measurements {
  /**
   * Measures all releases of a target. Null: there is nothing to measure, or it did not answer in time; never rejects for
   * that, because no data is a fact to judge by.
   *
   * @param metricsPath where the app shows its own metrics; null: it has none
   */
  measure(target: string, metricsPath: string | null, signal: AbortSignal): Promise<Measurement | null>;
}

export interface Ports {
  measurements: Measurements;
}
