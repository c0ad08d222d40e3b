import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServiceName } from '@orchestra/contracts';
import { failpointMarker, type Failpoint } from '@orchestra/runtime';
import { startFakeSlack, startTcpProxy, type FakeSlack, type TcpProxy } from '@orchestra/testkit';
import { findFreePort, startKafka, startRedis, type Neighbour } from '@orchestra/testkit/neighbours';
import { startPlatform, type PlatformUnderTest } from '../platform.ts';

/** Nine services as processes on servers of their own, each behind a proxy, to be broken. */
export interface FaultWorld {
  platform: PlatformUnderTest;
  kafka: Neighbour;
  redis: Neighbour;
  /** Where people are told of runs. */
  slack: FakeSlack;
  /** Between the services and the server of that name. */
  proxies: Readonly<Record<'kafka' | 'redis' | 'registry', TcpProxy>>;
  /** What the services were started with. */
  environment: Readonly<Record<string, string | undefined>>;
  failpoints: Failpoints;
  stop(): Promise<void>;
}

/** The places at which a service is to be killed, once each. */
export interface Failpoints {
  /** `unit`: only at a job whose unit begins so. */
  arm(service: ServiceName, point: Failpoint, unit: string): Promise<void>;
  /** Whether the service was killed there. */
  isHit(service: ServiceName, point: Failpoint): boolean;
}

interface StartFaultWorld {
  /** Settings of the services; without any, production's periods. */
  periods?: Readonly<Record<string, string>>;
  replicas?: readonly string[];
}

/** A lease of 2 s and a session of 1 s, so that the dead are missed soon. */
export const shortPeriods = { LEASE_MS: '2000', REAP_MS: '250', POLL_MS: '250', SESSION_MS: '1000', DRAIN_MS: '2000' };

/** Starts the servers, the proxies and the platform. */
export async function startFaultWorld(start: StartFaultWorld = {}): Promise<FaultWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'orchestra-faults-'));
  await writeFile(join(folder, failpointMarker), '');
  const { kafka, redis, proxies } = await startServers();
  const slack = await startFakeSlack();
  const registryUrl = new URL(process.env['SCHEMA_REGISTRY_URL'] ?? '');
  proxies.registry.forwardTo(registryUrl.host);
  registryUrl.host = proxies.registry.address;
  const environment = {
    ...process.env,
    ...start.periods,
    KAFKA_BROKERS: proxies.kafka.address,
    REDIS_URL: `redis://${proxies.redis.address}`,
    SCHEMA_REGISTRY_URL: registryUrl.href,
    ORCHESTRA_FAILPOINTS: folder,
    SLACK_TOKEN: 'xoxb-test',
    SLACK_API_URL: slack.apiUrl,
  };
  const { replicas = [] } = start;
  async function closeServers(): Promise<void> {
    await Promise.all(Object.values(proxies).map((proxy) => proxy.close()));
    await Promise.all([kafka.stop(), redis.stop(), slack.close()]);
    await rm(folder, { recursive: true, force: true });
  }
  const platform = await startPlatform({ distributed: true, replicas, environment }).catch(async (error: unknown) => {
    // Otherwise they would outlive the tests, which end without a world.
    await closeServers();
    throw error;
  });
  return {
    platform,
    kafka,
    redis,
    slack,
    proxies,
    environment,
    failpoints: failpointsIn(folder),
    async stop() {
      await platform.stop();
      await closeServers();
    },
  };
}

// Groups and keys of services have fixed names: servers that no other platform uses.
async function startServers(): Promise<Pick<FaultWorld, 'kafka' | 'redis' | 'proxies'>> {
  const port = await findFreePort();
  const [registry, atKafka] = await Promise.all([startTcpProxy(), startTcpProxy({ port })]);
  // Whoever runs the broker may let records in that are larger than any of ours.
  const settings = { 'advertised.listeners': `PLAINTEXT://${atKafka.address}`, 'message.max.bytes': '12000000' };
  const [kafka, redis] = await Promise.all([startKafka({ fresh: true, settings }), startRedis({ fresh: true })]);
  atKafka.forwardTo(kafka.url);
  const atRedis = await startTcpProxy({ target: new URL(redis.url).host });
  return { kafka, redis, proxies: { kafka: atKafka, redis: atRedis, registry } };
}

function failpointsIn(folder: string): Failpoints {
  return {
    arm: (service, point, unit) => writeFile(join(folder, `${service}.${point}`), unit),
    isHit: (service, point) => existsSync(join(folder, `${service}.${point}.hit`)),
  };
}
