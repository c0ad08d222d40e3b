import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { serviceNames, type ServiceName } from '@orchestra/contracts';
import { removeAddress, writeAddress } from './address.ts';
import { ensureCredentials, type Credentials } from './credentials.ts';
import { embeddedEnvironment } from './embedded-environment.ts';
import { serveFront, type Front } from './serve-front.ts';
import { untilListening } from './until-listening.ts';

export interface OpenDistributed {
  folder: string;
  repositories: readonly string[];
  /** Names KAFKA_BROKERS, SCHEMA_REGISTRY_URL and REDIS_URL; the init job has run there. */
  environment: Readonly<Record<string, string | undefined>>;
  host: string;
  port: number;
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
 * Runs the nine services as nine processes of this machine, each restarted when it ends, as a container engine would.
 * The pids stand in `<folder>/processes.json`.
 */
export async function openDistributedPlatform(options: OpenDistributed): Promise<DistributedPlatform> {
  const folder = resolve(options.folder);
  await mkdir(join(folder, 'logs'), { recursive: true, mode: 0o711 });
  const credentials = await ensureCredentials(folder);
  const { repositories, environment, host, port, say } = options;
  const env = {
    ...embeddedEnvironment({ folder, credentials, repositories, environment }),
    ARTIFACTS_DIR: join(folder, 'artifacts'),
    LOGS_DIR: join(folder, 'run-logs'),
    HOST: '127.0.0.1',
  };
  const keepers = await Promise.all(serviceNames.map((name) => keepRunning({ name, folder, env, say })));
  const front = await serveFront({ host, port, ports: new Map(keepers.map(({ name, portOf }) => [name, portOf])) });
  await writeAddress(folder, front.url);
  return { url: front.url, credentials, crashed: new Promise(() => {}), stop: () => stopAll(folder, keepers, front) };
}

async function stopAll(folder: string, keepers: readonly Keeper[], front: Front): Promise<void> {
  await removeAddress(folder);
  await front.close();
  await Promise.all(keepers.map((keeper) => keeper.stop()));
}

interface Keep {
  name: ServiceName;
  folder: string;
  env: Readonly<Record<string, string | undefined>>;
  say(line: string): void;
}

interface Keeper {
  name: ServiceName;
  /** Where its HTTP side listens now. */
  portOf(): number;
  stop(): Promise<void>;
}

async function keepRunning({ name, folder, env, say }: Keep): Promise<Keeper> {
  const log = join(folder, 'logs', `${name}.log`);
  const stopping = new AbortController();
  let port = 0;
  let child = await start();
  void again();
  port = await untilListening(log, child);
  return {
    name,
    portOf: () => port,
    async stop() {
      stopping.abort();
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };

  async function start(): Promise<ChildProcess> {
    const output = await open(log, 'w');
    const main = join(import.meta.dirname, '../../../../services', name, 'src/main.ts');
    const started = spawn(process.execPath, ['--conditions=source', main], {
      env: { ...env, PORT: '0' },
      stdio: ['ignore', output.fd, output.fd],
    });
    await output.close();
    return started;
  }

  async function again(): Promise<void> {
    while (!stopping.signal.aborted) {
      await once(child, 'exit');
      if (stopping.signal.aborted) return;
      say(`${name} ended (${child.exitCode ?? child.signalCode}), starting it again`);
      child = await start();
      port = await untilListening(log, child);
    }
  }
}
