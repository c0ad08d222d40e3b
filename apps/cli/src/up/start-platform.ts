import { hostname } from 'node:os';
import {
  createMeter,
  healthRoutes,
  listen,
  type Backends,
  type EngineSettings,
  type Health,
  type Log,
  type RunningService,
} from '@orchestra/runtime';
import type { Starter } from './start-services.ts';

export interface StartPlatform {
  starters: readonly Starter[];
  backends: Backends;
  log: Log;
  host: string;
  /** 0: any free one. */
  port: number;
  settings: Partial<EngineSettings>;
}

export interface Platform {
  url: string;
  /** Rejects when one of the services cannot go on. */
  crashed: Promise<never>;
  /** Drains all services. */
  stop(): Promise<void>;
}

/** Runs all services in this process behind one HTTP address. */
export async function startPlatform(options: StartPlatform): Promise<Platform> {
  const { starters, backends, log, host, port, settings } = options;
  const meter = createMeter();
  const owner = `orchestra@${hostname()}:${process.pid}`;
  const running: RunningService[] = [];
  for (const start of starters) running.push(await start({ backends, meter, log, owner, settings }));
  await Promise.all(running.map((service) => service.joined()));

  const routers = [healthRoutes(healthOfAll(running), meter.registry), ...running.map(({ router }) => router)];
  // Who cannot be reached takes no work: it would go on for ever, and nobody could end it but by a kill.
  const http = await listen({ routers, host, port, log }).catch(async (error: unknown) => {
    await Promise.all(running.map((service) => service.stop()));
    throw error;
  });
  return {
    url: http.url,
    crashed: Promise.race(running.map(({ crashed }) => crashed)),
    async stop() {
      await http.close();
      await Promise.all(running.map((service) => service.stop()));
    },
  };
}

function healthOfAll(running: readonly RunningService[]): Health {
  return {
    alive: () => running.every(({ health }) => health.alive()),
    ready() {
      const problems = running.flatMap(({ name, health }) =>
        health.ready().problems.map((problem) => `${name}: ${problem}`),
      );
      return { ready: problems.length === 0, problems };
    },
    async refresh() {
      await Promise.all(running.map(({ health }) => health.refresh()));
    },
  };
}
