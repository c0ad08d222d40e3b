import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cachedFolder, withCacheLock } from './cache-folder.ts';
import { findFreePort } from './free-port.ts';
import { ensureJava, javaFlags } from './java-runtime.ts';
import { startLocalNeighbour } from './local-neighbour.ts';
import { copyFromMaven, listJars } from './maven.ts';
import type { Neighbour } from './neighbour.ts';
import { startProgram, type Program } from './program.ts';
import { registryPath, registrySettings } from './registry-settings.ts';
import { runProgram } from './run-program.ts';
import { say } from './say.ts';

const version = '3.3.3';

interface Registry {
  java: string;
  classPath: string;
  aotCache: string;
}

/** Starts Apicurio Registry from Maven Central, with its schemas in memory: a restart forgets them, not the port. */
export async function startLocalRegistry(settings: Record<string, string>): Promise<Neighbour> {
  const { java, classPath, aotCache } = await ensureRegistry();
  const order = await prepareServer(settings);
  const start = () => launch({ ...order, java, classPath, aot: `-XX:AOTCache=${aotCache}` });

  return startLocalNeighbour({ url: order.url, folder: order.folder, start });
}

async function ensureRegistry(): Promise<Registry> {
  const java = await ensureJava();
  const home = await cachedFolder(`registry-${version}`, async (draft) => {
    say(`fetching Apicurio Registry ${version} from Maven Central`);
    const id = `io.apicurio:apicurio-registry-app:${version}`;
    await copyFromMaven([{ id, type: 'tar.gz', classifier: 'all', exclusions: ['*:*'] }], draft);
    const archive = readdirSync(draft).find((name) => name.endsWith('.tar.gz')) ?? '';
    await runProgram('tar', ['-xzf', join(draft, archive), '-C', draft]);
    await rm(join(draft, archive));
  });
  const registry = { java, classPath: classPathOf(home), aotCache: join(home, 'registry.aot') };
  if (!existsSync(registry.aotCache)) await withCacheLock('registry-training', () => train(registry));
  return registry;
}

// The flat class path, in this order: with Quarkus' own runner the JVM cannot keep a start-up cache.
function classPathOf(home: string): string {
  const generated = ['transformed-bytecode.jar', 'generated-bytecode.jar'].map((name) => join(home, 'quarkus', name));
  const folders = ['app', join('lib', 'boot'), join('lib', 'main')];
  return [...generated, ...folders.flatMap((folder) => listJars(join(home, folder)))].join(':');
}

async function train({ java, classPath, aotCache }: Registry): Promise<void> {
  if (existsSync(aotCache)) return;
  const draft = `${aotCache}.draft`;
  say('starting the registry once to train its start-up cache');
  const server = await prepareServer({});
  const program = await launch({ ...server, java, classPath, aot: `-XX:AOTCacheOutput=${draft}` });
  await program.end('SIGTERM');
  await rename(draft, aotCache);
  await rm(server.folder, { recursive: true, force: true });
}

async function prepareServer(settings: Record<string, string>) {
  const [port, managementPort] = [await findFreePort(), await findFreePort()];
  const folder = await mkdtemp(join(tmpdir(), 'orchestra-registry-'));
  const listening = {
    'quarkus.http.host': '127.0.0.1',
    'quarkus.http.port': String(port),
    'quarkus.management.host': '127.0.0.1',
    'quarkus.management.port': String(managementPort),
    'quarkus.http.access-log.enabled': 'false',
  };
  const all = { ...listening, ...registrySettings, ...settings };
  const properties = Object.entries(all).map(([name, value]) => `-D${name}=${value}`);
  return { folder, properties, url: `http://127.0.0.1:${port}${registryPath}` };
}

interface Launch {
  java: string;
  classPath: string;
  folder: string;
  aot: string;
  properties: string[];
  url: string;
}

function launch({ java, classPath, folder, aot, properties, url }: Launch): Promise<Program> {
  const args = [...javaFlags, aot, ...properties, '-cp', classPath, 'io.quarkus.runner.GeneratedMain'];
  const isReady = () =>
    fetch(`${url}/subjects`).then(
      ({ ok }) => ok,
      () => false,
    );
  return startProgram({ command: java, args, folder, isReady });
}
