import { OrchestraError } from '@orchestra/contracts';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { GenericContainer } from 'testcontainers';
import { findFreePort } from './free-port.ts';
import type { Neighbour } from './neighbour.ts';
import { waitFor } from './wait-for.ts';

const startTimeoutMs = 120_000;

/** A server to start as a container. */
export interface ContainerOrder {
  image: string;
  /** The port inside of the container. */
  port: number;
  /** The address for the platform's settings, made of where the container answers. */
  urlOf: (host: string, port: number) => string;
  prepare: (container: GenericContainer, host: string, port: number) => GenericContainer;
  isReady: (host: string, port: number) => Promise<boolean>;
}

/**
 * Starts a container as a neighbour, by testcontainers. Its port on the host is fixed, so that it survives a restart.
 *
 * @throws OrchestraError `NEIGHBOUR_UNAVAILABLE` at once when there is no engine; testcontainers' own errors go through
 */
export async function startContainer(order: ContainerOrder): Promise<Neighbour> {
  if (!mayHaveEngine()) {
    throw new OrchestraError('NEIGHBOUR_UNAVAILABLE', 'there is no container engine (no socket, no DOCKER_HOST)');
  }
  const { GenericContainer: Container, getContainerRuntimeClient } = await import('testcontainers');
  const client = await getContainerRuntimeClient();
  const { host } = client.info.containerRuntime;
  const port = await findFreePort();
  const exposed = { container: order.port, host: port };
  const container = new Container(order.image).withExposedPorts(exposed).withStartupTimeout(startTimeoutMs);
  const started = await order.prepare(container, host, port).start();
  const engine = client.container.getById(started.getId());

  const isReady = () => order.isReady(host, port);
  const becomeReady = () =>
    waitFor({ check: isReady, timeoutMs: startTimeoutMs, lastSeen: () => `${order.image} is silent` });
  await becomeReady();
  async function kill(): Promise<void> {
    const { State } = await client.container.inspect(engine);
    if (State.Running) await engine.kill();
  }
  async function restart(): Promise<void> {
    await kill();
    await engine.start();
    await becomeReady();
  }
  async function stop(): Promise<void> {
    await started.stop({ timeout: 0 });
  }
  return { url: order.urlOf(host, port), pid: null, way: 'docker', stop, kill, restart };
}

function mayHaveEngine(): boolean {
  if ((process.env['DOCKER_HOST'] ?? '') !== '') return true;
  const runtime = process.env['XDG_RUNTIME_DIR'] ?? '/run/user/1000';
  const sockets = [
    '/var/run/docker.sock',
    join(runtime, 'docker.sock'),
    join(homedir(), '.docker', 'run', 'docker.sock'),
  ];
  return sockets.some((socket) => existsSync(socket)) || existsSync(join(homedir(), '.testcontainers.properties'));
}
