import { once } from 'node:events';
import type { Server } from 'node:http';

/** Where a door is: the address to listen on, and the port. */
export interface Door {
  host: string;
  port: number;
}

/** Listens at a door. @throws Error when its port is taken */
export async function openDoor(server: Server, { host, port }: Door): Promise<void> {
  server.listen(port, host);
  await once(server, 'listening');
}

/** Says whether opening a door failed because somebody else has its port. @throws whatever else it failed with */
export function isPortTaken(error: unknown): boolean {
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return true;
  throw error;
}

/**
 * Listens on the wanted port, or on the next one that no other target has: two environments of one service want the same.
 *
 * @param wanted its port may be 0: any free one
 * @returns the port
 */
export async function openDoorNear(server: Server, wanted: Door, taken: readonly number[]): Promise<number> {
  const port = wanted.port === 0 ? 0 : nextFree(wanted.port, new Set(taken));
  await openDoor(server, { ...wanted, port });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

/** Stops listening and drops what is still connected. */
export function closeDoor(server: Server): void {
  server.close();
  server.closeAllConnections();
}

function nextFree(wanted: number, taken: ReadonlySet<number>): number {
  let port = wanted;
  while (taken.has(port)) port += 1;
  return port;
}
