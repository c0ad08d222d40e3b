import type { Command } from 'commander';
import { z } from 'zod';
import type { Console } from './console.ts';
import { exitCodes } from './exit-codes.ts';

/** `orchestra init`: what has to exist before the nine services of the distributed form can start. */
export function addInit(program: Command, console: Console): void {
  program
    .command('init')
    .description('make topics, schemas and the identity of the run store for the distributed form; may be repeated')
    .option('--json', 'print the identity of the store as one JSON document')
    .action(async ({ json }: { json?: boolean }) => {
      const identity = await initFromEnvironment(console.environment);
      console.print(json === true ? `${JSON.stringify({ store: identity })}\n` : `${identity}\n`);
      console.say('Topics, schemas and the run store are ready.');
      console.finish(exitCodes.success);
    });
}

/**
 * Makes topics, schemas and the identity of the store at the addresses of the environment. Safe to repeat.
 *
 * @returns the identity of the store
 * @throws OrchestraError `CONFIG_INVALID` with every problem, or those of `initDistributed`
 */
export async function initFromEnvironment(environment: Console['environment']): Promise<string> {
  const { createLog, parseEnv, runtimeEnv } = await import('@orchestra/runtime');
  const needed = { KAFKA_BROKERS: true, SCHEMA_REGISTRY_URL: true, REDIS_URL: true } as const;
  const settings = runtimeEnv.pick({ ...needed, ALLOW_UNSAFE_STORE: true, LOG_LEVEL: true }).extend({
    /** Replicas of each topic: 3 where there are three brokers. */
    TOPIC_REPLICAS: z.coerce.number().int().min(1).default(3),
  });
  const config = parseEnv('orchestra init', settings, environment);
  const { initDistributed } = await import('@orchestra/backends/distributed');
  return initDistributed({
    brokers: config.KAFKA_BROKERS,
    registryUrl: config.SCHEMA_REGISTRY_URL,
    redisUrl: config.REDIS_URL,
    replicas: config.TOPIC_REPLICAS,
    allowUnsafe: config.ALLOW_UNSAFE_STORE,
    // The standard output is for data.
    log: createLog({ service: 'init', level: config.LOG_LEVEL, destination: 2 }),
  });
}
