import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbedded } from '@orchestra/backends/embedded';
import { createRedisRunStore } from '@orchestra/backends/redis';
import { createService, createPorts, loadConfig } from '@orchestra/gitops';
import { createLog, createMeter, healthRoutes, listen, runService, type Backends } from '@orchestra/runtime';
import type { Served } from '../subject/serve-parent.ts';

export interface GitopsOptions {
  secret: string;
  /** Null: the store is in the embedded form's file. */
  redisUrl: string | null;
}

/**
 * The whole service behind its real route, on either store. Only its worker is kept from the accepted pushes: what
 * becomes of them is another figure. The bus is that of the embedded form in both, because no push passes through it.
 */
export async function startGitops({ secret, redisUrl }: GitopsOptions): Promise<Served> {
  const folder = await mkdtemp(join(tmpdir(), 'orchestra-bench-webhook-'));
  const { backends, close } = await openStores(folder, redisUrl);
  const config = loadConfig(environmentOf(folder, secret));
  const log = createLog({ service: 'gitops', level: 'warn', destination: 2 });
  const meter = createMeter();
  const running = await runService({
    service: createService(createPorts(config)),
    backends,
    meter,
    log,
    owner: 'bench',
    // The queue is never worked off here, so it may grow as it likes.
    settings: { concurrency: 0, maxReady: Number.MAX_SAFE_INTEGER },
  });
  const routers = [healthRoutes(running.health, meter.registry), running.router];
  const http = await listen({ routers, host: '127.0.0.1', port: 0, log });
  return {
    said: http.url,
    countKept: async () => (await backends.store.stats('gitops')).ready,
    async stop() {
      await http.close();
      await running.stop();
      await close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function openStores(
  folder: string,
  redisUrl: string | null,
): Promise<{ backends: Backends; close: () => Promise<void> }> {
  const embedded = await openEmbedded({ folder });
  if (redisUrl === null) return { backends: embedded, close: () => embedded.close() };
  const store = await createRedisRunStore({ url: redisUrl, prefix: `bench:{${randomUUID()}}:` });
  await store.initialize(randomUUID());
  return {
    backends: { ...embedded, store },
    async close() {
      await store.close();
      await embedded.close();
    },
  };
}

// The addresses of the distributed form are read by every service; here they are not used.
function environmentOf(folder: string, secret: string): NodeJS.ProcessEnv {
  return {
    KAFKA_BROKERS: '127.0.0.1:9092',
    SCHEMA_REGISTRY_URL: 'http://127.0.0.1:8081',
    REDIS_URL: 'redis://127.0.0.1:6379',
    ARTIFACTS_DIR: join(folder, 'artifacts'),
    LOGS_DIR: join(folder, 'logs'),
    GITHUB_WEBHOOK_SECRET: secret,
    API_TOKENS: `bench:admin:${'a'.repeat(64)}`,
    REPOSITORIES: 'acme/*',
    GITOPS_WORK_DIR: join(folder, 'work'),
  };
}
