import { z } from 'zod';
import { OrchestraError } from '../errors.ts';
import { environmentReleasesSchema } from './freeze.ts';
import { infrastructureSchema } from './infrastructure.ts';

const owner = { runId: z.string().min(1), generation: z.int().min(1), sequence: z.int().min(1) };

const hookSchema = z.object({ command: z.array(z.string()), timeoutMs: z.int() });

/** What a release has that runs as containers of a cluster. `image` is named by its digest. */
const containerSchema = z.object({
  namespace: z.string(),
  image: z.string(),
  port: z.int(),
  /** The run that brought it first, and its commit: labels, which stay as they are when it is restored. */
  runId: z.string(),
  commit: z.string(),
  /** The user's own objects, as they were rendered for this environment; absent: there are none. */
  objects: z
    .object({
      digest: z.string(),
      /** What all environments share of it: the bytes that are promoted. */
      rendered: z.string(),
      /** All services of the file, of which each has its part. */
      services: z.array(z.string()),
      /** Which of them are Argo Rollouts, by their names in the cluster; absent: none. */
      rollouts: z.record(z.string(), z.string()).optional(),
    })
    .optional(),
  /** The HTTPRoute whose weights share its traffic; absent: the number of pods does. */
  route: z.string().optional(),
  /** The Argo Rollout whose image it is; absent: it is a Deployment. */
  rollout: z.string().optional(),
  hooks: z.object({ pre: hookSchema.optional(), post: hookSchema.optional() }).optional(),
});

/** Everything that brings a release up again, also long after its run: what a rollback needs. */
export const manifestSchema = z.object({
  artifactDigest: z.string(),
  command: z.array(z.string()),
  env: z.record(z.string(), z.string()),
  port: z.int(),
  replicas: z.int().min(1),
  healthPath: z.string(),
  metricsPath: z.string().nullable(),
  readyTimeoutMs: z.int(),
  /** The feature flag behind which it has what is new; absent: there is none. */
  flag: z.string().optional(),
  /** Absent: it runs as processes of this machine. */
  container: containerSchema.optional(),
});

const checkSchema = z.object({
  metric: z.string(),
  value: z.number().nullable(),
  threshold: z.number(),
  baseline: z.number().nullable(),
  verdict: z.enum(['UNRECOGNIZED', 'PASS', 'BREACH', 'NO_DATA']),
});

const version = { release: z.string(), version: z.string(), commit: z.string(), manifest: manifestSchema };

/**
 * `watching`: all steps were healthy, its watch goes on. `unknown`: it serves, and nobody could judge it. `unwatched`: it
 * serves, and nobody was to watch it.
 */
export const healthSchema = z.enum(['watching', 'healthy', 'bad', 'unknown', 'unwatched']);

const releaseSchema = z.object({
  ...owner,
  ...version,
  health: healthSchema,
  /** The last measurements: the baseline of its successors. */
  checks: z.array(checkSchema),
  epoch: z.int(),
  releasedAt: z.string(),
  /** A person let it go against the order of the runs. */
  byPerson: z.boolean(),
  /** Orders to watch it for longer, each counted once; absent: there were none. */
  extensions: z.array(z.object({ commandId: z.string(), ms: z.number(), actor: z.string() })).optional(),
});

const rolloutSchema = z.object({
  ...owner,
  ...version,
  /** `failing` keeps the lane until the refusal of a rollback is carried out, or a rollback has seized it. */
  state: z.enum(['taken', 'stepping', 'judging', 'failing', 'returning']),
  strategy: z.enum(['immediate', 'rolling', 'blue_green', 'canary', 'feature_flag']),
  /** Shares of the traffic, one a step; known once the lane is taken. */
  weights: z.array(z.number()),
  /** From 1; 0: none was begun. */
  step: z.int().min(0),
  /** The epoch of its last move. */
  epoch: z.int(),
  previous: z.string().nullable(),
  byPerson: z.boolean(),
  takenAt: z.string(),
});

const waiterSchema = z.object({
  ...owner,
  jobId: z.string(),
  since: z.string(),
  woken: z.boolean(),
  /** May no longer be superseded by a newer waiter. */
  protected: z.boolean(),
  byPerson: z.boolean(),
});

const seizureSchema = z.object({
  cause: z.string(),
  runId: z.string(),
  jobId: z.string(),
  from: z.string(),
  to: z.string(),
  reason: z.string(),
  byPerson: z.boolean(),
  epoch: z.int(),
  at: z.string(),
  /** The rollout that lost the lane; null: the lane was free. */
  ousted: rolloutSchema.nullable(),
});

const rollbackSchema = z.object({
  from: z.string(),
  to: z.string(),
  cause: z.string(),
  at: z.string(),
  byPerson: z.boolean(),
  /** The ousted rollout and the epoch of its last move, so that its waiting job is found. */
  ousted: z.object({ ...owner, epoch: z.int() }).nullable(),
});

const blockedSchema = z.object({ reason: z.string(), runId: z.string(), at: z.string() });

/** What somebody else has changed of a release in a cluster. It holds for one release after one move. */
export const driftSchema = z.object({
  release: z.string(),
  epoch: z.int(),
  /** When it was seen first. */
  seenAt: z.string(),
  changes: z.array(
    z.object({
      /** Such as `Service web`. */
      object: z.string(),
      /** The path of what was written; null: the object is gone. */
      field: z.string().nullable(),
      /** Under which name it was written; null: the cluster does not say, as with `at`. */
      manager: z.string().nullable(),
      at: z.string().nullable(),
    }),
  ),
});

/** The document of one service in one environment: who may change it, what serves, what served before. */
export const targetSchema = z.object({
  repository: z.string(),
  environment: z.string(),
  service: z.string(),
  /** The number of the last move; the world refuses an older one. */
  epoch: z.int().min(0),
  nextRelease: z.int().min(1),
  /** The rollout that owns the lane. Never together with a seizure. */
  lane: rolloutSchema.nullable(),
  seizure: seizureSchema.nullable(),
  blocked: blockedSchema.nullable(),
  waiters: z.array(waiterSchema),
  /** Waiters that a newer one pushed out since one was protected or released. */
  supersedesInARow: z.int().min(0),
  /** What serves, by name; also a degraded first release. */
  current: z.string().nullable(),
  /** Releases that served, oldest first. */
  history: z.array(releaseSchema),
  rollbacks: z.array(rollbackSchema),
  /** The runs whose state and artifacts are kept because this document names them. */
  pins: z.array(z.string()),
  /** Absent: nobody has changed what was released, or nobody has looked. */
  drift: driftSchema.optional(),
  /** Only of the document that an environment has for its infrastructure; see {@link infrastructureName}. */
  infrastructure: infrastructureSchema.optional(),
  /** Only of the document that an environment has for its releases; see {@link environmentReleasesName}. */
  releases: environmentReleasesSchema.optional(),
});

export type Target = z.output<typeof targetSchema>;
export type Manifest = z.output<typeof manifestSchema>;
export type ReleaseRecord = z.output<typeof releaseSchema>;
export type ReleaseHealth = z.output<typeof healthSchema>;
export type Rollout = z.output<typeof rolloutSchema>;
export type Waiter = z.output<typeof waiterSchema>;
export type Seizure = z.output<typeof seizureSchema>;
export type Drift = z.output<typeof driftSchema>;
export type RollbackRecord = z.output<typeof rollbackSchema>;

/** One service in one environment of one repository. */
export interface TargetName {
  repository: string;
  environment: string;
  service: string;
}

/** The name of a target in the store and in the world. */
export function targetKey({ repository, environment, service }: TargetName): string {
  return `${repository}/${environment}/${service}`;
}

/** A target that nothing was deployed to yet. */
export function createTarget({ repository, environment, service }: TargetName): Target {
  return {
    repository,
    environment,
    service,
    epoch: 0,
    nextRelease: 1,
    lane: null,
    seizure: null,
    blocked: null,
    waiters: [],
    supersedesInARow: 0,
    current: null,
    history: [],
    rollbacks: [],
    pins: [],
  };
}

/**
 * Reads the document of a target.
 *
 * @param text JSON as the store keeps it
 * @throws OrchestraError `TARGET_INVALID`, not retriable: guessing at who owns a target would be worse than stopping
 */
export function parseTarget(text: string): Target {
  const json = readJson(text);
  const result = targetSchema.safeParse(json);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
  throw new OrchestraError('TARGET_INVALID', `The target document is not valid: ${problems}`);
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new OrchestraError('TARGET_INVALID', 'The target document is no JSON', { cause });
  }
}
