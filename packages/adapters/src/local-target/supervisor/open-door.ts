import { once } from 'node:events';
import type { Server } from 'node:http';
import { systemCodeOf } from '@orchestra/runtime/errors';

/** Where a door is: the address to listen on, and the port. */
export interface Door {
  host: string;
  port: number;
}

/** Listens at a door; its port may be 0: any free one. @returns the port @throws Error when it is taken */
export async function openDoor(server: Server, { host, port }: Door): Promise<number> {
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

/** What opening a door failed with: null when somebody else has its port. @throws whatever else it was */
export function noneIfTaken(error: unknown): null {
  if (systemCodeOf(error) === 'EADDRINUSE') return null;
  throw error;
}

/** The wanted port, or the next one that no other target has: two environments of one service want the same. 0 stays 0. */
export function portNear(wanted: number, taken: ReadonlySet<number>): number {
  let port = wanted;
  while (port !== 0 && taken.has(port)) port += 1;
  return port;
}

/** Stops listening and drops what is still connected. */
export function closeDoor(server: Server): void {
  server.close();
  server.closeAllConnections();
}
