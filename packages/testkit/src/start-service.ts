import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbedded } from '@orchestra/backends/embedded';
import type { ServiceName } from '@orchestra/contracts';
import { createMeter, listen, runService, type Backends, type Service } from '@orchestra/runtime';
import { silentLog } from './given-context.ts';

export interface StartedService {
  /** Base URL of its HTTP side. */
  url: string;
  backends: Backends;
  /** Stops the service and removes all that it kept, but for a folder that was given. */
  close(): Promise<void>;
}

/**
 * Runs one service alone on embedded backends, with its HTTP side on loopback. A folder that is given outlives it, so
 * that the service can be started on it again.
 */
export async function startService<S extends ServiceName>(
  service: Service<S>,
  kept: string | null = null,
): Promise<StartedService> {
  const folder = kept ?? (await mkdtemp(join(tmpdir(), 'orchestra-service-')));
  const backends = await openEmbedded({ folder });
  const settings = { pollMs: 200, restMs: 100, retryBaseMs: 10, retryCapMs: 50, drainMs: 20 };
  const running = await runService({
    service,
    backends,
    meter: createMeter(),
    log: silentLog,
    owner: 'test',
    settings,
  });
  const http = await listen({ routers: [running.router], host: '127.0.0.1', port: 0, log: silentLog });
  return {
    url: http.url,
    backends,
    async close() {
      await Promise.all([http.close(), running.stop()]);
      await backends.close();
      if (kept === null) await rm(folder, { recursive: true, force: true });
    },
  };
}
