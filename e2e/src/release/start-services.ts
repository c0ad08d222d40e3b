import * as deploy from '@orchestra/deploy';
import * as observability from '@orchestra/observability';
import * as rollback from '@orchestra/rollback';
import { createMeter, digestToken, runService, type Backends, type RunningService } from '@orchestra/runtime';
import { silentLog } from '@orchestra/testkit';
import type { ClusterPlace } from './cluster-place.ts';
import { startMortalDeploy, type MortalDeploy } from './mortal-deploy.ts';

// A job whose worker died is worked at again after lease and look of the reaper.
const settings = {
  pollMs: 50,
  restMs: 50,
  retryBaseMs: 20,
  retryCapMs: 100,
  drainMs: 50,
  leaseMs: 5_000,
  renewMs: 250,
  reapMs: 500,
};

/** Who has it may tell observability of alerts. */
export const alertToken = 'alerts-of-tests';

/** Where the three services release. */
export interface Place {
  /** Of the local target. */
  folder: string;
  /** Null: there is only the local target. */
  cluster: ClusterPlace | null;
  /** The settings of what keeps feature flags. */
  flags: Readonly<Record<string, string>>;
}

export interface Three {
  deploy: MortalDeploy;
  observability: RunningService;
  rollback: RunningService;
}

/** Deploy, observability and rollback. */
export async function startThree(backends: Backends, { folder, cluster, flags }: Place): Promise<Three> {
  const path = process.env['PATH'] ?? '';
  const place = { LOCAL_TARGET_DIR: folder, LOCAL_TARGET_PATH: path, ...environmentOf(cluster), ...flags };
  const own = deploy.settings.parse({ ...place, LOCAL_TARGET_SANDBOX: 'process', LOCAL_TARGET_MEMORY_MB: 1_024 });
  const observing = observability.settings.parse({
    ...place,
    ALERT_TOKENS: `alerts:operator:${digestToken(alertToken)}`,
  });
  const start = startOn(backends);
  const [deploying, watching, rolling] = await Promise.all([
    startMortalDeploy(own, backends, startOn),
    start(observability.createService(observability.createPorts(observing))),
    start(rollback.createService(rollback.createPorts(own))),
  ]);
  return { deploy: deploying, observability: watching, rollback: rolling };
}

function environmentOf(cluster: ClusterPlace | null): Record<string, string> {
  if (cluster === null) return {};
  const { kubeconfig, namespaces, metricsUrl } = cluster;
  const allowed = Object.values(namespaces).join();
  return { KUBECONFIG: kubeconfig, KUBERNETES_NAMESPACES: allowed, PROMETHEUS_URL: metricsUrl };
}

export type Start = <S extends Parameters<typeof runService>[0]['service']['name']>(
  service: Parameters<typeof runService<S>>[0]['service'],
) => Promise<RunningService>;
export type Starter = (start: Start) => Promise<RunningService>;

function startOn(backends: Backends): Start {
  const meter = createMeter();
  return async (service) => runService({ service, backends, meter, log: silentLog, owner: 'test', settings });
}

/** Starts services in this process. */
export async function startAll(backends: Backends, starters: readonly Starter[]): Promise<RunningService[]> {
  const start = startOn(backends);
  return Promise.all(starters.map(async (starter) => starter(start)));
}

export async function stopAll(services: readonly { stop(): Promise<void> }[]): Promise<void> {
  await Promise.all(services.map(async (service) => service.stop()));
}
