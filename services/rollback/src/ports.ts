import type { Readable } from 'node:stream';

/** A move's right to write to a target: the world refuses an older epoch than it has seen. */
export interface Move {
  target: string;
  epoch: number;
}

/** A release as containers of a cluster. `image` is named by its digest; `port` is where a container listens. */
export interface Container {
  namespace: string;
  image: string;
  port: number;
  runId: string;
  commit: string;
  /** The user's own objects, rendered: a stream by its digest, of which each of the services has its part. */
  objects?: StoredObjects | undefined;
  /** The HTTPRoute whose weights share its traffic. */
  route?: string | undefined;
  /** The Argo Rollout that it is. */
  rollout?: string | undefined;
}

/** `rollouts`: by service, the Argo Rollout that it is, where it is one. */
interface StoredObjects {
  digest: string;
  services: readonly string[];
  rollouts?: Readonly<Record<string, string>> | undefined;
}

/** A release with everything that starts it again. */
export interface Startable {
  release: string;
  artifactDigest: string;
  command: readonly string[];
  env: Readonly<Record<string, string>>;
  port: number;
  replicas: number;
  healthPath: string;
  readyTimeoutMs: number;
  /** What a cluster runs; absent: it runs as processes, from its archive. */
  container?: Container | undefined;
  /** Opens the archive of the artifact, a tar.gz. */
  open(): Promise<Readable>;
  /** Opens what is kept under a digest: the objects of `container`. */
  openStored(digest: string): Promise<Readable>;
}

/** What is in the world now. `weight` is the share of the traffic. */
export interface Serving {
  releases: readonly { release: string; ready: number; weight: number }[];
}

/**
 * Where releases run. Effects look first, may be repeated, and are refused when their epoch is older than what the world has
 * seen: OrchestraError `TARGET_REFUSED`, not retriable. All throw `TARGET_UNREACHABLE`, retriable.
 */
export interface Releases {
  /** What a run that releases here has to say: `release_unsandboxed`, or nothing. */
  notes(target: string, signal?: AbortSignal): Promise<readonly string[]>;
  /** Null: nothing was ever deployed there. */
  look(target: string, signal?: AbortSignal): Promise<Serving | null>;
  /** What the processes of a release wrote last; empty: nothing is known. */
  output(of: { target: string; release: string }, signal?: AbortSignal): Promise<string>;
  /** All traffic back to a release: what is ready first, then all of it, verified. @throws OrchestraError `RELEASE_NOT_READY` */
  giveBack(move: Move & { to: Startable }, signal?: AbortSignal): Promise<Serving>;
  /** Ends the processes of releases once their requests are answered. */
  retire(move: Move & { releases: readonly string[] }, signal?: AbortSignal): Promise<void>;
}

/** A flag is on for a share of the users; `epoch` and `key` name the move. */
export interface FlagChange {
  flag: string;
  environment: string;
  percent: number;
  release: string;
  epoch: number;
  key: string;
}

/** What keeps feature flags. Throws `FLAGS_UNAVAILABLE` (retriable) and `FLAGS_REFUSED` (not retriable). */
export interface Flags {
  /** Makes true that a flag is on for so many percent; may be repeated. */
  change(change: FlagChange, signal?: AbortSignal): Promise<void>;
}

export interface Ports {
  releases: Releases;
  /** Absent: nothing keeps flags here. */
  flags?: Flags;
}
