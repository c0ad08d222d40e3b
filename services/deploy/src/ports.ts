import type { Readable } from 'node:stream';

/** A move's right to write to a target, by its name in the world (`worldKey`): an older epoch than it has seen is refused. */
export interface Move {
  target: string;
  epoch: number;
}

/** `rollouts`: by service, the Argo Rollout that it is, where it is one. */
interface StoredObjects {
  digest: string;
  services: readonly string[];
  rollouts?: Readonly<Record<string, string>> | undefined;
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

/** A release with everything that starts it. */
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
  epoch: number;
  url: string;
  releases: readonly { release: string; ready: number; wanted: number; weight: number }[];
}

/**
 * Where releases run. Every effect looks first, may be repeated, and is refused when its epoch is older than what the world
 * has seen: OrchestraError `TARGET_REFUSED`, not retriable. All throw `TARGET_UNREACHABLE`, retriable.
 */
export interface Releases {
  /** What a run that releases here has to say: `release_unsandboxed`, or nothing. */
  notes(target: string, signal?: AbortSignal): Promise<readonly string[]>;
  /**
   * Whether releases can run here the way that is demanded, before anything of the target is changed.
   *
   * @throws OrchestraError `SANDBOX_UNAVAILABLE` or `TARGET_DENIED`, not retriable
   */
  demandSandbox(target: string, signal?: AbortSignal): Promise<void>;
  /** Null: nothing was ever deployed there. */
  look(target: string, signal?: AbortSignal): Promise<Serving | null>;
  /** Writes the epoch alone. `port`: where users reach the target; 0: any. */
  claim(move: Move & { port: number }, signal?: AbortSignal): Promise<Serving>;
  /** Makes true that a release has so many ready processes. @throws OrchestraError `RELEASE_NOT_READY`, not retriable */
  bringUp(move: Move & { startable: Startable }, signal?: AbortSignal): Promise<Serving>;
  /** Shares of the traffic by release; one that is not named gets none. @throws OrchestraError `RELEASE_NOT_READY` */
  share(move: Move & { weights: Readonly<Record<string, number>> }, signal?: AbortSignal): Promise<Serving>;
  /** Ends the processes of releases once their requests are answered. */
  retire(move: Move & { releases: readonly string[] }, signal?: AbortSignal): Promise<void>;
  /** All traffic back to a release: what is ready first, then all of it, verified. @throws OrchestraError `RELEASE_NOT_READY` */
  giveBack(move: Move & { to: Startable }, signal?: AbortSignal): Promise<Serving>;
  /** Brings back what keeps the releases of this place alive, if it has died. */
  tend(): Promise<void>;
}

/** Files of the repository that are rendered to objects of a cluster. Paths are relative to the repository. */
export interface RenderRequest {
  files:
    | { kind: 'manifests'; paths: readonly string[] }
    | { kind: 'kustomize'; path: string }
    | { kind: 'helm'; chart: string; values: readonly string[]; release: string };
  /** By environment: a file with what is otherwise there. */
  overlays: Readonly<Record<string, string>>;
  /** By environment: its namespace. */
  namespaces: Readonly<Record<string, string>>;
  /** What the build pushed, by digest. */
  images: readonly string[];
  services: readonly string[];
  /** By service: the Argo Rollout that it is, where it is one. */
  rollouts: Readonly<Record<string, string>>;
}

/** Objects as streams of YAML. */
export interface RenderedInputs {
  /** What all environments share. */
  rendered: string;
  /** `replicas`: by service, where its Deployment says a number. */
  environments: Readonly<Record<string, { text: string; replicas: Readonly<Record<string, number>> }>>;
  /** Images of others that no digest names. */
  unpinned: readonly string[];
}

/** A command that runs once for a generation of a run, in the container of a release. */
export interface Hook {
  when: 'pre' | 'post';
  command: readonly string[];
  timeoutMs: number;
  runId: string;
  generation: number;
}

/** What releases in a cluster bring beside their pods. Errors are those of {@link Releases}, and those that are named. */
export interface ClusterWork {
  /** @throws OrchestraError `INPUTS_REFUSED`, `COMMAND_NOT_FOUND` and others of files and programs, none retriable */
  render(request: RenderRequest, snapshot: Readable, signal?: AbortSignal): Promise<RenderedInputs>;
  /**
   * Tries all that a release brings and changes nothing. Answers which objects of `before` stay behind.
   *
   * @throws OrchestraError `INPUTS_REFUSED`, not retriable, with everything that stands in the way
   */
  rehearse(
    of: { target: string; startable: Startable; before: Startable | null },
    signal?: AbortSignal,
  ): Promise<readonly string[]>;
  /** Makes true that the objects beside the pods are there. @throws OrchestraError `INPUTS_REFUSED`, not retriable */
  prepare(move: Move & { startable: Startable }, signal?: AbortSignal): Promise<void>;
  /** Makes true that a hook has run; `epoch` null: it belongs to no move. @throws OrchestraError `HOOK_FAILED`, not retriable */
  runHook(
    move: { target: string; epoch: number | null; startable: Startable; hook: Hook },
    signal?: AbortSignal,
  ): Promise<void>;
}

/** A freeze that the settings of the platform name, for an environment of every repository; `*`: for all environments. */
export interface SetFreeze {
  environment: string;
  from: Date;
  until: Date;
  note: string | null;
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

/** A release that has all of the traffic of a target, as it was left in a cluster. `image` is named by its digest. */
export interface Left {
  /** `repository/environment/service` */
  target: string;
  namespace: string;
  release: string;
  image: string;
}

/** Compares what was released in clusters with what is there. It only reads. */
export interface DriftPort {
  everyMs: number;
  /**
   * What somebody else has changed; `field` null: the object is gone; `manager` and `at` null: the cluster does not say.
   *
   * @throws OrchestraError `TARGET_UNREACHABLE`, retriable, or `TARGET_DENIED`, not retriable
   */
  look(
    left: Left,
    signal?: AbortSignal,
  ): Promise<readonly { object: string; field: string | null; manager: string | null; at: string | null }[]>;
}

/** `unknown`: it was not said, or nobody could be asked. */
export type ImageKnown = 'there' | 'gone' | 'unknown';

/** Where images are kept. */
export interface Images {
  /** Whether what a digest names is still there. Never throws. */
  look(image: string, signal?: AbortSignal): Promise<ImageKnown>;
}

export interface Ports {
  releases: Releases;
  /** Absent: no registry is asked. */
  images?: Images;
  /** Absent: nothing is released in clusters, or nobody is to look. */
  drift?: DriftPort;
  /** Absent: nothing keeps flags here. */
  flags?: Flags;
  /** Absent: nothing is released in clusters. */
  cluster?: ClusterWork;
  /** Absent: the settings name none. */
  freezes?: readonly SetFreeze[];
  /** Who is in which groups of approvers, by the names of tokens; absent: nobody is in any. */
  groups?: ReadonlyMap<string, readonly string[]>;
}
