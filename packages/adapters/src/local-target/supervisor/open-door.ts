import { once } from 'node:events';
import type { Server } from 'node:http';

/** Listens on a loopback port. @throws Error when it is taken */
export async function openDoor(server: Server, port: number): Promise<void> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
}

/**
 * Listens on the wanted port, or on the next one that no other target has: two environments of one service want the same.
 *
 * @param wanted 0: any free port
 * @returns the port
 */
export async function openDoorNear(server: Server, wanted: number, taken: readonly number[]): Promise<number> {
  await openDoor(server, wanted === 0 ? 0 : nextFree(wanted, new Set(taken)));
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : wanted;
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
