import express from 'express';
import type { Served } from '../subject/serve-parent.ts';

/** The yardstick: express that reads the raw body and answers 202, with the limits of our route. */
export async function startExpress(): Promise<Served> {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  const readRaw = express.raw({ type: () => true, limit: '25mb', inflate: false });
  app.post('/webhooks/github', readRaw, (_request, response) => {
    response.status(202).json({ ignored: true });
  });
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => {
    server.once('listening', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  return {
    said: `http://127.0.0.1:${port}`,
    stop: async () => server.closeAllConnections(),
  };
}
