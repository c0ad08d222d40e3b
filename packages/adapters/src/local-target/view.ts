/** How to run one release. `folder` is absolute and holds what was built. */
export interface ReleaseSpec {
  release: string;
  folder: string;
  command: readonly string[];
  env: Readonly<Record<string, string>>;
  replicas: number;
  /** Answers below 400 once a process is ready. */
  healthPath: string;
  readyTimeoutMs: number;
  /** The name of its log; absent: that of the release. */
  log?: string;
}

/** One release in the target, as the supervisor sees it now. */
export interface ReleaseView {
  release: string;
  /** Asked for; 0: stopped, and known well enough to come back. */
  wanted: number;
  ready: number;
  /** Processes that are there, ready or not. */
  running: number;
  /** Ends that nobody asked for, since the release was first started. */
  crashes: number;
  /** Share of the traffic; shares are relative to each other. */
  weight: number;
  /** Why the last process ended; null: none did. */
  lastEnd: string | null;
  /** Loopback ports of the ready processes. */
  ports: readonly number[];
}

/** A target in the world. `epoch` is the number of the last move that wrote here. */
export interface TargetView {
  target: string;
  epoch: number;
  url: string;
  releases: readonly ReleaseView[];
}

/** Upper bounds of the latency buckets in milliseconds; what is slower is counted in one more bucket. */
export const latencyBoundsMs = [
  1, 2, 5, 10, 20, 50, 75, 100, 150, 200, 300, 500, 750, 1000, 1500, 2000, 3000, 5000, 10_000,
];

/** What one release did so far. All but memory only grow, until the supervisor is restarted. */
export interface ReleaseMetrics {
  release: string;
  /** Attempts to have a request answered by this release. */
  requests: number;
  /** Answers of 500 and above, and attempts that got no answer. */
  errors: number;
  inFlight: number;
  /** Requests by the time until the answer began, one count a bucket. */
  latency: readonly number[];
  /** Bytes that went through the router in both directions, headers not counted. */
  networkBytes: number;
  /** Of all its processes together; null: the host does not tell. */
  cpuSeconds: number | null;
  memoryBytes: number | null;
  diskWrittenBytes: number | null;
  wanted: number;
  ready: number;
  crashes: number;
}

/** The measurements of a target. `startedAt` changes when the counters begin anew. */
export interface TargetMetrics {
  target: string;
  epoch: number;
  startedAt: string;
  at: string;
  releases: readonly ReleaseMetrics[];
}

/** A refusal of the supervisor, as it goes over the wire. */
export interface Refusal {
  code: 'TARGET_REFUSED' | 'TARGET_DENIED' | 'RELEASE_NOT_READY' | 'ARTIFACT_MISSING' | 'NOT_FOUND' | 'REQUEST_INVALID';
  message: string;
}

/** How a supervisor ends that cannot run releases the way it was told to. EX_NOPERM of sysexits.h. */
export const noSandboxExitCode = 77;

/** Most memory of one process of a release and all that it starts, where nothing else is set. */
export const usualMemoryMb = 2_048;
