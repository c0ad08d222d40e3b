/** What a person asks of a benchmark on the command line. */
export interface BenchOptions {
  /** How often the sides take turns after the warm-up. */
  pairs: number;
  /** Small counts: shows that the benchmark works; its figures mean nothing. */
  quick: boolean;
  /** Tells a person on stderr what is going on. */
  say(text: string): void;
}

/** One figure beside the limit that it has to keep. */
export interface Target {
  what: string;
  /** What was measured; the median of the pairs where it is a ratio. */
  value: number;
  limit: number;
  keeps: 'at_most' | 'at_least';
}

/** What a benchmark found. */
export interface Report {
  /** Figures for people, in the order in which they are shown: name and text with unit. */
  figures: readonly (readonly [name: string, text: string])[];
  targets: readonly Target[];
  /** Everything that was measured, turn by turn. */
  rounds: unknown;
  /** Versions of the yardsticks and neighbours that took part. */
  versions: Readonly<Record<string, string>>;
}

/** One figure of ours beside its yardstick, both measured in turns in one run. */
export interface Benchmark {
  /** What is compared with what, in one sentence. */
  says: string;
  run(options: BenchOptions): Promise<Report>;
}
