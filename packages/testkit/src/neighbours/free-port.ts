import { createServer } from 'node:net';

const lowest = 20_000;
const ports = 12_000;

/**
 * Finds a port on 127.0.0.1 that nothing listens on, below 32768: outside of the range from which the kernel gives
 * ports to outgoing sockets, one of which could otherwise take it while a server restarts.
 */
export async function findFreePort(): Promise<number> {
  const port = lowest + Math.floor(Math.random() * ports);
  return (await isFree(port)) ? port : findFreePort();
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
