import { renameSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { serviceNames, type ServiceName } from '@orchestra/contracts';
import { removeAddress, writeAddress } from './address.ts';
import { ensureCredentials, type Credentials } from './credentials.ts';
import { embeddedEnvironment } from './embedded-environment.ts';
import { keepRunning, type Keeper } from './keep-running.ts';
import { serveFront } from './serve-front.ts';

export interface OpenDistributed {
  folder: string;
  repositories: readonly string[];
  /** Names KAFKA_BROKERS, SCHEMA_REGISTRY_URL and REDIS_URL; the init job has run there. */
  environment: Readonly<Record<string, string | undefined>>;
  host: string;
  port: number;
  /** Processes of a service; 1 for those that are not named. */
  replicas?: Readonly<Partial<Record<ServiceName, number>>>;
  /** Ends the start: what was begun is stopped before the error comes. */
  signal?: AbortSignal;
  say(line: string): void;
}

export interface DistributedPlatform {
  url: string;
  credentials: Credentials;
  /** Never settles: a service that ends is started again. */
  crashed: Promise<never>;
  stop(): Promise<void>;
}

/**
 * Runs the nine services as processes of this machine, each started again when it ends. Their pids stand in
 * `<folder>/processes.json`.
 *
 * @throws OrchestraError `SERVER_UNREACHABLE` with the last lines of a service that does not start; the signal's reason
 */
export async function openDistributedPlatform(options: OpenDistributed): Promise<DistributedPlatform> {
  const folder = resolve(options.folder);
  const logs = join(folder, 'logs');
  await mkdir(logs, { recursive: true, mode: 0o711 });
  const credentials = await ensureCredentials(folder);
  const env = {
    ...embeddedEnvironment({ ...options, folder, credentials }),
    ARTIFACTS_DIR: join(folder, 'artifacts'),
    LOGS_DIR: join(folder, 'run-logs'),
    HOST: '127.0.0.1',
  };
  const { host, port, replicas = {}, say } = options;
  const keepers: Keeper[] = [];
  const onStart = (): void => listProcesses(folder, keepers);
  const wanted = serviceNames.flatMap((name) =>
    Array.from({ length: replicas[name] ?? 1 }, (_, index) => [name, index + 1] as const),
  );
  for (const [name, replica] of wanted) keepers.push(keepRunning({ name, replica, logs, env, onStart, say }));
  try {
    await Promise.race([Promise.all(keepers.map(({ ready }) => ready)), aborted(options.signal)]);
  } catch (error) {
    // Otherwise the others would go on without anybody who stops them.
    await Promise.all(keepers.map((keeper) => keeper.stop()));
    throw error;
  }

  const front = await serveFront({
    host,
    port,
    portOf: (name) => keepers.find((keeper) => keeper.name === name)?.port() ?? 0,
  });
  await writeAddress(folder, front.url);
  return { url: front.url, credentials, crashed: new Promise(() => {}), stop };

  async function stop(): Promise<void> {
    await removeAddress(folder);
    await front.close();
    await Promise.all(keepers.map((keeper) => keeper.stop()));
  }
}

function aborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal?.aborted === true) reject(signal.reason);
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

// In one turn and by a rename: several processes start at once, and a reader never sees half a list.
function listProcesses(folder: string, keepers: readonly Keeper[]): void {
  const rows = keepers.map(({ name, replica, pid, port }) => ({ name, replica, pid: pid(), port: port() }));
  const draft = join(folder, 'processes.json.draft');
  writeFileSync(draft, `${JSON.stringify(rows, null, 2)}\n`);
  renameSync(draft, join(folder, 'processes.json'));
}
