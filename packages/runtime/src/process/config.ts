import { OrchestraError } from '@orchestra/contracts';
import { z } from 'zod';
import { defaultSettings, type EngineSettings } from '../engine/settings.ts';

const ms = (fallback: number) => z.coerce.number().int().min(10).default(fallback);

/** What every service reads from the environment when it runs as a process of its own. */
export const runtimeEnv = z.object({
  /** Comma-separated host:port of the Kafka brokers. */
  KAFKA_BROKERS: z
    .string()
    .min(1)
    .transform((brokers) => brokers.split(',').map((broker) => broker.trim())),
  /** Confluent-compatible; may carry a path. */
  SCHEMA_REGISTRY_URL: z.url(),
  /** Address of the run store, in the form redis://host:port. */
  REDIS_URL: z.url(),
  /** Folder of the artifact store, shared by all services. */
  ARTIFACTS_DIR: z.string().min(1),
  /** Folder of the log store, shared by all services. */
  LOGS_DIR: z.string().min(1),
  /** Where the HTTP side listens. */
  HOST: z.string().min(1).default('0.0.0.0'),
  /** 0: any that is free. */
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  /** The least that is logged. */
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  /** Accepts a Redis that can lose work; every run then says so. */
  ALLOW_UNSAFE_STORE: z.stringbool().default(false),
  /** How long a worker may be silent before its job is given to another one. */
  LEASE_MS: ms(30_000),
  /** How often jobs of dead workers are looked for. */
  REAP_MS: ms(5_000),
  /** How often due jobs are looked for where no hint came. */
  POLL_MS: ms(1_000),
  /** How long a member of a Kafka group may be silent. */
  SESSION_MS: ms(10_000),
  /** How long work may go on after SIGTERM before it is handed back. */
  DRAIN_MS: ms(10_000),
});

export type RuntimeEnv = z.output<typeof runtimeEnv>;

/** The periods of the engine that the environment sets; the same names in both forms. */
export const periodsEnv = runtimeEnv.pick({ LEASE_MS: true, REAP_MS: true, POLL_MS: true, DRAIN_MS: true });

/** A lease is renewed three times before it would end, so one lost answer costs nothing. */
export function periodsOf(env: z.output<typeof periodsEnv>): Partial<EngineSettings> {
  const { LEASE_MS: leaseMs, REAP_MS: reapMs, POLL_MS: pollMs, DRAIN_MS: drainMs } = env;
  // A relay that died is followed no later than a worker.
  const relayLeaseMs = Math.min(defaultSettings.relayLeaseMs, leaseMs);
  return { leaseMs, renewMs: Math.ceil(leaseMs / 3), reapMs, pollMs, drainMs, relayLeaseMs };
}

/**
 * Parses the environment once, at the door.
 *
 * @throws OrchestraError `CONFIG_INVALID`, naming every variable at fault
 */
export function parseEnv<T extends z.ZodType>(service: string, schema: T, env: NodeJS.ProcessEnv): z.output<T> {
  const result = schema.safeParse(env);
  if (result.success) return result.data;

  const problems = result.error.issues.map((issue) => {
    const name = issue.path.join('.');
    return `  ${name}: ${env[name] === undefined ? 'missing' : issue.message}`;
  });
  throw new OrchestraError('CONFIG_INVALID', [`${service} cannot start:`, ...problems].join('\n'));
}
