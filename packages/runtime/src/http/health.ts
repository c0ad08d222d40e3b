import type { Registry } from '@prometheus-io/client';
import { Router } from 'express';

/** What a service says about itself. */
export interface Health {
  /** False: the process does nothing any more, and only a restart helps. */
  alive(): boolean;
  ready(): { ready: boolean; problems: readonly string[] };
  /** Brings gauges up to date before they are read. */
  refresh(): Promise<void>;
}

/** `/livez`, `/readyz` and `/metrics`: no secret, no run id. */
export function healthRoutes(health: Health, registry: Registry): Router {
  const router = Router();
  router.get('/livez', (_request, response) => {
    const alive = health.alive();
    response.status(alive ? 200 : 503).json({ alive });
  });
  router.get('/readyz', (_request, response) => {
    const { ready, problems } = health.ready();
    response.status(ready ? 200 : 503).json({ ready, problems });
  });
  router.get('/metrics', async (_request, response) => {
    await health.refresh();
    response.type(registry.contentType).send(await registry.metrics());
  });
  return router;
}
