import { mkdtemp } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unpackPackage } from './debian-packages.ts';
import { findFreePort } from './free-port.ts';
import { startLocalNeighbour } from './local-neighbour.ts';
import type { Neighbour } from './neighbour.ts';
import { startProgram } from './program.ts';
import { findProgram } from './run-program.ts';

/** Settings under which nothing that Redis acknowledged is lost; the platform refuses any others. */
export const durableSettings = {
  appendonly: 'yes',
  appendfsync: 'always',
  'maxmemory-policy': 'noeviction',
  save: '',
};

/** Starts redis-server from PATH or unpacked from its Debian package. Kept over a restart: its data and its port. */
export async function startLocalRedis(settings: Record<string, string>): Promise<Neighbour> {
  const server = await findServer();
  const port = await findFreePort();
  const folder = await mkdtemp(join(tmpdir(), 'orchestra-redis-'));
  const all = { bind: '127.0.0.1', port: String(port), dir: folder, ...durableSettings, ...settings };
  const args = Object.entries(all).flatMap(([name, value]) => [`--${name}`, value]);

  const start = () => startProgram({ ...server, args, folder, isReady: () => answersPing(port) });
  return startLocalNeighbour({ url: `redis://127.0.0.1:${port}`, folder, start });
}

async function findServer(): Promise<{ command: string; env?: Record<string, string> }> {
  const installed = findProgram('redis-server');
  if (installed !== null) return { command: installed };

  const root = await unpackPackage('redis-server');
  const libraries = join(root, 'usr', 'lib');
  const machine = join(libraries, `${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`);
  return { command: join(root, 'usr', 'bin', 'redis-server'), env: { LD_LIBRARY_PATH: `${machine}:${libraries}` } };
}

/** Whether Redis has loaded its data: before that it answers a PING with an error. */
export function answersPing(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host, () => socket.write('PING\r\n'));
    socket.setTimeout(1000, () => socket.destroy());
    socket.once('data', (reply) => {
      resolve(reply.toString().startsWith('+PONG'));
      socket.destroy();
    });
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
}
