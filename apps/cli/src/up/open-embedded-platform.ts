import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { openEmbedded } from '@orchestra/backends/embedded';
import { createLog, parseEnv, periodsEnv, periodsOf, runtimeEnv, startTracing } from '@orchestra/runtime';
import { removeAddress, writeAddress } from './address.ts';
import { ensureCredentials, type Credentials } from './credentials.ts';
import { embeddedEnvironment } from './embedded-environment.ts';
import { startPlatform } from './start-platform.ts';
import { configureServices } from './start-services.ts';

export interface EmbeddedPlatform {
  url: string;
  credentials: Credentials;
  /** Rejects when the platform cannot go on. */
  crashed: Promise<never>;
  stop(): Promise<void>;
}

export interface OpenEmbedded {
  /** The data folder: everything durable lives here, and one process owns it. */
  folder: string;
  repositories: readonly string[];
  environment: Readonly<Record<string, string | undefined>>;
  host: string;
  port: number;
  /** Where the log lines go. */
  logTo: 'stderr' | 'file';
}

const ownEnv = periodsEnv.extend(runtimeEnv.pick({ LOG_LEVEL: true }).shape);

/**
 * Starts the embedded form in this process.
 *
 * @throws OrchestraError `CONFIG_INVALID` with every problem; `STORE_OWNED` when another process has the folder
 */
export async function openEmbeddedPlatform(options: OpenEmbedded): Promise<EmbeddedPlatform> {
  const folder = resolve(options.folder);
  await mkdir(folder, { recursive: true, mode: 0o711 });
  const credentials = await ensureCredentials(folder);
  const { repositories, environment } = options;
  const env = embeddedEnvironment({ folder, credentials, repositories, environment });
  const starters = configureServices(env);
  const config = parseEnv('orchestra', ownEnv, env);
  const log = createLog({
    service: 'orchestra',
    level: config.LOG_LEVEL,
    destination: options.logTo === 'stderr' ? 2 : `${folder}/orchestra.log`,
  });
  const stopTracing = await startTracing('embedded', environment);
  const backends = await openEmbedded({ folder });
  const { host, port } = options;
  const platform = await startPlatform({ starters, backends, log, host, port, settings: periodsOf(config) }).catch(
    async (error: unknown) => {
      await backends.close();
      await stopTracing();
      throw error;
    },
  );
  await writeAddress(folder, platform.url);
  return {
    url: platform.url,
    credentials,
    crashed: platform.crashed,
    async stop() {
      await removeAddress(folder);
      await platform.stop();
      await backends.close();
      await stopTracing();
    },
  };
}
