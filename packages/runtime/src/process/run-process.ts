import { hostname } from 'node:os';
import { OrchestraError, type ServiceName } from '@orchestra/contracts';
import { healthRoutes } from '../http/health.ts';
import { listen } from '../http/listen.ts';
import { createMeter } from '../observe/meter.ts';
import { startTracing } from '../observe/start-tracing.ts';
import type { Log } from '../service/context.ts';
import type { Service } from '../service/definition.ts';
import { periodsOf, type RuntimeEnv } from './config.ts';
import { withFailpoints } from './failpoints.ts';
import { createLog } from './log.ts';
import { runService, type Backends, type RunningService } from './run-service.ts';

/** What one service needs to run alone: its card and the backends, both made from its checked configuration. */
export interface RunProcess<S extends ServiceName, C extends RuntimeEnv> {
  name: S;
  /** The environment, which only main.ts reads. */
  env: NodeJS.ProcessEnv;
  /** Reads the environment; throws `CONFIG_INVALID` with every problem. */
  loadConfig(env: NodeJS.ProcessEnv): C;
  openBackends(config: NoInfer<C>, log: Log): Promise<Backends & { close(): Promise<void> }>;
  createService(config: NoInfer<C>): Service<S>;
}

/** The exit code of a process whose configuration is wrong (EX_CONFIG of sysexits.h): restarting it does not help. */
const configExit = 78;

/** The whole life of a service process: configuration, backends, service, HTTP side, until SIGTERM or a crash. */
export async function runProcess<S extends ServiceName, C extends RuntimeEnv>(main: RunProcess<S, C>): Promise<void> {
  const config = readConfig(main);
  if (config === null) return;

  const log = createLog({ service: main.name, level: config.LOG_LEVEL });
  const stopTracing = await startTracing(main.name, main.env);
  try {
    const opened = await main.openBackends(config, log);
    const store = withFailpoints(opened.store, main.name, main.env['ORCHESTRA_FAILPOINTS']);
    const backends = { ...opened, store };
    await serve(main, { config, log, backends });
    await backends.close();
    await stopTracing();
  } catch (error) {
    log.error({ err: error }, 'the service ends');
    process.exitCode = error instanceof OrchestraError && error.code === 'CONFIG_INVALID' ? configExit : 1;
  }
  // Whatever still holds the process open was not closed by its owner; the work is done and published.
  process.exit();
}

interface Process<C> {
  config: C;
  log: Log;
  backends: Backends;
}

async function serve<S extends ServiceName, C extends RuntimeEnv>(
  main: RunProcess<S, C>,
  { config, log, backends }: Process<C>,
): Promise<void> {
  const stopAsked = onStopSignal();
  const meter = createMeter();
  const owner = `${main.name}@${hostname()}:${process.pid}`;
  const settings = periodsOf(config);
  const running = await runService({ service: main.createService(config), backends, meter, log, owner, settings });
  const routers = [healthRoutes(running.health, meter.registry), running.router];
  const http = await listen({ routers, host: config.HOST, port: config.PORT, log });
  log.info({ port: http.port }, 'listening');
  void running.joined().then(() => log.info({}, 'joined'));
  await untilAsked(running, stopAsked);
  log.info({}, 'draining');
  await Promise.all([http.close(), running.stop()]);
  log.info({}, 'stopped');
}

// A consumer that cannot go on ends the process: a restart joins the group anew.
async function untilAsked(running: RunningService, stopAsked: Promise<void>): Promise<void> {
  await Promise.race([stopAsked, running.crashed]);
}

function onStopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
}

function readConfig<S extends ServiceName, C extends RuntimeEnv>(main: RunProcess<S, C>): C | null {
  try {
    return main.loadConfig(main.env);
  } catch (error) {
    if (!(error instanceof OrchestraError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = configExit;
    return null;
  }
}
