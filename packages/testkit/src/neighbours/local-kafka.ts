import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cachedFolder, withCacheLock } from './cache-folder.ts';
import { findFreePort } from './free-port.ts';
import { ensureJava, javaFlags } from './java-runtime.ts';
import { kafkaSettings, renderProperties } from './kafka-settings.ts';
import { startLocalNeighbour } from './local-neighbour.ts';
import { copyFromMaven, listJars } from './maven.ts';
import type { Neighbour } from './neighbour.ts';
import { startProgram, type Program } from './program.ts';
import { runProgram } from './run-program.ts';
import { say } from './say.ts';

const version = '4.3.1';
const clusterId = 'AAAAAAAAAAAAAAAAAAAAAQ';

const dependencies = [
  // kafka-tools-api is not needed here, and not published for every version.
  { id: `org.apache.kafka:kafka_2.13:${version}`, exclusions: ['org.apache.kafka:kafka-tools-api'] },
  { id: 'org.slf4j:slf4j-simple:1.7.36' },
];

interface Broker {
  java: string;
  classPath: string;
  folder: string;
  aot: string;
}

/** Starts Apache Kafka from Maven Central: one node in KRaft. Kept over a restart: its data and its port. */
export async function startLocalKafka(settings: Record<string, string>): Promise<Neighbour> {
  const { java, classPath, aotCache } = await ensureKafka();
  const broker = await prepareBroker({ java, classPath, aot: `-XX:AOTCache=${aotCache}` }, settings);

  return startLocalNeighbour({ url: broker.address, folder: broker.folder, start: () => launch(broker) });
}

async function ensureKafka(): Promise<{ java: string; classPath: string; aotCache: string }> {
  const java = await ensureJava();
  const libraries = await cachedFolder(`kafka-libraries-${version}`, async (draft) => {
    say(`fetching Kafka ${version} from Maven Central`);
    await copyFromMaven(dependencies, draft);
  });
  const classPath = listJars(libraries).join(':');
  const aotCache = join(libraries, 'kafka.aot');
  if (!existsSync(aotCache)) await withCacheLock('kafka-training', () => train({ java, classPath, aotCache }));
  return { java, classPath, aotCache };
}

// The JVM writes what it learned when it ends in order; the next start takes a tenth of the time.
async function train({ java, classPath, aotCache }: { java: string; classPath: string; aotCache: string }) {
  if (existsSync(aotCache)) return;
  const draft = `${aotCache}.draft`;
  say('starting Kafka once to train its start-up cache');
  const broker = await prepareBroker({ java, classPath, aot: `-XX:AOTCacheOutput=${draft}` }, {});
  const program = await launch(broker);
  await program.end('SIGTERM');
  await rename(draft, aotCache);
  await rm(broker.folder, { recursive: true, force: true });
}

async function prepareBroker(
  { java, classPath, aot }: Omit<Broker, 'folder'>,
  settings: Record<string, string>,
): Promise<Broker & { address: string }> {
  const [port, controllerPort] = [await findFreePort(), await findFreePort()];
  const folder = await mkdtemp(join(tmpdir(), 'orchestra-kafka-'));
  const all = { ...kafkaSettings({ port, controllerPort, dataFolder: join(folder, 'data') }), ...settings };
  await writeFile(join(folder, 'server.properties'), renderProperties(all));

  await cp(await ensureFormatted(java, classPath), join(folder, 'data'), { recursive: true });
  return { java, classPath, folder, aot, address: `127.0.0.1:${port}` };
}

/** A formatted data folder to copy: formatting takes a JVM of its own. */
function ensureFormatted(java: string, classPath: string): Promise<string> {
  return cachedFolder(`kafka-formatted-${version}`, async (draft) => {
    const work = await mkdtemp(join(tmpdir(), 'orchestra-kafka-format-'));
    const file = join(work, 'server.properties');
    const dataFolder = join(work, 'data');
    await mkdir(dataFolder);
    await writeFile(file, renderProperties(kafkaSettings({ port: 9092, controllerPort: 9093, dataFolder })));
    const format = ['kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', file];
    await runProgram(java, [...javaFlags, '-cp', classPath, ...format]);
    await cp(dataFolder, draft, { recursive: true });
    await rm(work, { recursive: true, force: true });
  });
}

function launch({ java, classPath, folder, aot }: Broker): Promise<Program> {
  const log = 'org.slf4j.simpleLogger';
  const logging = [`-D${log}.defaultLogLevel=warn`, `-D${log}.log.kafka.server.KafkaRaftServer=info`];
  const args = [...javaFlags, aot, ...logging, '-cp', classPath, 'kafka.Kafka', join(folder, 'server.properties')];
  return startProgram({ command: java, args, folder, isReady: async (text) => text.includes('Kafka Server started') });
}
