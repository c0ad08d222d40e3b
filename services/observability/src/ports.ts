import type { MetricPlan } from '@orchestra/contracts';
import type { ApiToken } from '@orchestra/runtime';

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

/** What a question to the metrics server is about. */
export interface AskedNames {
  service: string;
  environment: string;
  release: string | null;
  windowMs: number;
}

/** What came of questions: a value for each metric, null for no data, and what was wrong with the others. */
export interface Answers {
  values: Readonly<Record<string, number | null>>;
  problems: readonly string[];
}

/** A time in the past. */
export interface Past {
  from: Date;
  to: Date;
  stepMs: number;
}

/** Where metrics are asked for that others collect. Never rejects, because no data is a fact to judge by. */
export interface MetricsServer {
  /** The values of metrics now. */
  now(metrics: readonly MetricPlan[], names: AskedNames, signal: AbortSignal): Promise<Answers>;
  /** The values of metrics in the past; none for a metric that cannot be asked for. */
  past(
    metrics: readonly MetricPlan[],
    asked: { names: AskedNames; past: Past },
    signal: AbortSignal,
  ): Promise<Readonly<Record<string, readonly number[]>>>;
}

/** A release, and where it runs. */
export interface ReleasePlace {
  target: string;
  /** Null: on this machine. */
  namespace: string | null;
  release: string;
}

/** Where releases are asked for pages of their own. Rejects when nobody can ask them. */
export interface Pages {
  /** Share of the pages that did not answer below 400, over all ready processes or pods; null: there is none to ask. */
  failedRatio(asked: ReleasePlace & { paths: readonly string[] }, signal: AbortSignal): Promise<number | null>;
  /** What a release says about itself, all its processes or pods together; null: there is none, or one of them does not tell. */
  appMetrics(asked: ReleasePlace & { path: string }, signal: AbortSignal): Promise<Counters['app']>;
}

/** A pod of a release as it stands. */
export interface SeenPod {
  name: string;
  release: string;
  ready: boolean;
  restarts: number;
  /** It has ended for good, such as by an eviction. */
  over: boolean;
  /** The cluster's word for what is wrong; null: nothing is. */
  trouble: string | null;
  /** All of it in words. */
  told: string;
  container: string | null;
}

/** Where the pods of a target are. */
export interface PodsPlace {
  target: string;
  namespace: string;
}

/** Where pods are looked at. Rejects when nobody answers. */
export interface Pods {
  look(
    place: PodsPlace,
    signal: AbortSignal,
  ): Promise<{ wanted: Readonly<Record<string, number>>; pods: readonly SeenPod[] }>;
  /** What a pod printed last; of one that was restarted, before that. Empty: nobody can tell. */
  lastLines(of: { namespace: string; pod: SeenPod }, signal: AbortSignal): Promise<string>;
}

/** Lines, and the place behind them. */
export interface NewLines {
  lines: readonly string[];
  next: number;
}

/** Where the output of releases is read. Rejects when nobody answers. */
export interface Outputs {
  /**
   * The lines that a release wrote since a place in its output.
   *
   * @param asked `from`: the place of the time before; null: only where the output is now
   * @returns null: it cannot be read now
   */
  lines(asked: ReleasePlace & { from: number | null; now: Date }, signal: AbortSignal): Promise<NewLines | null>;
}

export interface Ports {
  measurements: Measurements;
  /** Absent: there is no cluster. */
  pods?: Pods;
  /** Absent: no output is read. */
  outputs?: Outputs;
  /** Absent: the operator has named none. */
  metricsServer?: MetricsServer;
  /** Absent: no page is asked for. */
  pages?: Pages;
  /** Who may send alerts. Absent: nobody. */
  alertTokens?: readonly ApiToken[];
  /** Ill services at once from which no one release is to blame. Absent: 3. */
  blastLimit?: number;
}
