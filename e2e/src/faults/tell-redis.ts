import { once } from 'node:events';
import { connect } from 'node:net';

/** Gives an operator's command to a Redis. Rejects unless the answer is yes. */
export async function tellRedis(url: string, command: string): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  try {
    await once(socket, 'connect');
    socket.write(`${command}\r\n`);
    const [answer] = await once(socket, 'data');
    if (!String(answer).startsWith('+OK')) throw new Error(`Redis said ${String(answer)}`);
  } finally {
    socket.destroy();
  }
}
