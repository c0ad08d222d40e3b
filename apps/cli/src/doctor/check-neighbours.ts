import type { Log } from '@orchestra/runtime';
import { ok, type Check, type Surroundings } from './check.ts';

type Environment = Surroundings['environment'];

/** The servers of the distributed form: those that the environment names must answer, and hold what the init job made. */
export async function checkNeighbours(environment: Environment): Promise<Check[]> {
  const { KAFKA_BROKERS: brokers, SCHEMA_REGISTRY_URL: registry, REDIS_URL: redis } = environment;
  return Promise.all([
    checkOne('kafka', brokers, askKafka),
    checkOne('schema registry', registry, askRegistry),
    checkOne('redis', redis, (url) => askRedis(url, environment['ALLOW_UNSAFE_STORE'] === 'true')),
  ]);
}

async function checkOne(
  name: string,
  address: string | undefined,
  ask: (address: string) => Promise<string>,
): Promise<Check> {
  if (address === undefined || address === '') {
    const means = 'only the embedded form can run';
    return { name, state: 'absent', required: false, seen: 'not named in the environment', means };
  }
  try {
    return ok(name, true, await ask(address));
  } catch (error) {
    const seen = error instanceof Error ? error.message : String(error);
    return { name, state: 'broken', required: true, seen, means: 'the distributed form cannot start' };
  }
}

async function askKafka(brokers: string): Promise<string> {
  const { createKafkaEventBus } = await import('@orchestra/backends/kafka');
  const list = brokers.split(',').map((broker) => broker.trim());
  const settings = { retries: 1, connectTimeoutMs: 3000, requestTimeoutMs: 5000 };
  const bus = createKafkaEventBus({ brokers: list, clientId: 'orchestra-doctor', log: quiet, settings });
  try {
    // Reads the list of topics, and makes none.
    await bus.ensureTopics([]);
  } finally {
    await bus.close();
  }
  return `answers at ${brokers}`;
}

async function askRegistry(url: string): Promise<string> {
  const { createRegistryCodec } = await import('@orchestra/backends/kafka');
  await createRegistryCodec({ url }).lookUp();
  return 'answers, and has the schemas';
}

async function askRedis(url: string, allowUnsafe: boolean): Promise<string> {
  const { createRedisRunStore } = await import('@orchestra/backends/redis');
  const store = await createRedisRunStore({ url, allowUnsafe, connectTimeoutMs: 3000 });
  try {
    const identity = await store.identity();
    if (identity === null) throw new Error('It answers, but holds no run store: run `orchestra init`');
    return `answers, run store ${identity}`;
  } finally {
    await store.close();
  }
}

// What the client says while it tries is no news: the check says how it ended.
const quiet: Pick<Log, 'debug' | 'info' | 'warn' | 'error'> = { debug() {}, info() {}, warn() {}, error() {} };
