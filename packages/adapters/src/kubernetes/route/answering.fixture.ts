import { once } from 'node:events';
import { createServer } from 'node:http';
import { networkInterfaces } from 'node:os';

/** What answers for the pods of a release, on a port of its own. */
export interface Answering {
  port: number;
  /** Refuses connections from now on, as pods that are gone do. May be called again. */
  stop(): Promise<void>;
}

/**
 * An address of this machine that pods of a fake node can have: the cluster refuses to lead to loopback addresses.
 *
 * @throws Error where the machine has none
 */
export function ownAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  const found = all.find(({ family, internal }) => family === 'IPv4' && !internal);
  if (found === undefined) throw new Error('This machine has no address but loopback: pods of these tests need one');
  return found.address;
}

/** Says the name of a release to whoever asks. */
export async function answerAs(release: string): Promise<Answering> {
  const server = createServer((_request, response) => response.end(release));
  server.listen(0, ownAddress());
  await once(server, 'listening');
  const address = server.address();
  return {
    port: address !== null && typeof address === 'object' ? address.port : 0,
    async stop() {
      if (!server.listening) return;
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
