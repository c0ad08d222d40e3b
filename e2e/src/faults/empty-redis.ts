import { once } from 'node:events';
import { connect } from 'node:net';

/** Removes everything from a Redis, as a person's mistake or a lost disk does. */
export async function emptyRedis(url: string): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  try {
    await once(socket, 'connect');
    socket.write('FLUSHALL\r\n');
    const [answer] = await once(socket, 'data');
    if (!String(answer).startsWith('+OK')) throw new Error(`Redis said ${String(answer)}`);
  } finally {
    socket.destroy();
  }
}
