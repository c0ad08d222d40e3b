import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packFolder } from '@orchestra/adapters/archive';
import { createKubernetesReleases, kubernetesEnv, toClusterOptions } from '@orchestra/adapters/kubernetes';
import { createLocalTarget } from '@orchestra/adapters/local-target';
import { openEmbedded } from '@orchestra/backends/embedded';
import { createTarget, findCurrent, parseTarget, targetKey, type RunState, type Target } from '@orchestra/contracts';
import { listen, type Backends, type RunningService } from '@orchestra/runtime';
import { createSampleService, eventually, silentLog, type Effect } from '@orchestra/testkit';
import { readEffects } from '../faults/world-effects.ts';
import type { ClusterPlace } from './cluster-place.ts';
import { admissionOf, createForerunners, type Push } from './forerunners.ts';
import type { MortalDeploy } from './mortal-deploy.ts';
import { place } from './release-plan.ts';
import { alertToken, startAll, startThree, stopAll } from './start-services.ts';

/** One service in one environment; where none is named: `web` in production. */
export type Where = Pick<Target, 'environment' | 'service'>;

/** Deploy, observability and rollback on an embedded store and a real target; what comes before them is played. */
export interface ReleaseWorld extends AsyncDisposable {
  backends: Backends;
  push(push?: Partial<Push>): Promise<string>;
  run(runId: string): Promise<RunState>;
  /** Waits until a unit has a status, and says what else it says. */
  ended(runId: string, name: string): Promise<{ status: string; reason: string | null }>;
  target(where?: Where): Promise<Target>;
  /** Waits until something serves; where users reach it. */
  url(): Promise<string>;
  /** The topics and phases of a run's history, oldest first. */
  story(runId: string): Promise<string[]>;
  /** Sends a delivery of alerts to observability, as Alertmanager would. */
  alert(alerts: readonly object[]): Promise<number>;
  /** Stops the three services and starts them again. */
  restart(): Promise<void>;
  /** Deploy, which can be made to die. */
  deploy(): MortalDeploy;
  /** The releases that have traffic, with their shares in percent; where pods are counted, what their numbers give. */
  shares(where?: Where): Promise<Record<string, number>>;
  /** What changed the local target, oldest first. */
  changes(): Promise<Effect[]>;
}

// The limit of a test comes first; a busy machine takes its time.
const patienceMs = 150_000;

/**
 * @param cluster where releases run; null: on the local target
 * @param flags   the settings of what keeps feature flags
 */
export async function startReleaseWorld(
  cluster: ClusterPlace | null = null,
  flags: Readonly<Record<string, string>> = {},
): Promise<ReleaseWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'orchestra-release-'));
  // Released processes run as a user of their own, which has to be able to pass.
  await chmod(folder, 0o711);
  const targetFolder = join(folder, 'target');
  const backends = await openEmbedded({ folder: join(folder, 'data') });
  const app = createSampleService();
  const snapshot = await backends.artifacts.put(packFolder(app, { maxBytes: 1_000_000 }));
  const local = createLocalTarget({ folder: targetFolder, mode: 'process', path: process.env['PATH'] ?? '' });
  const around = { backends, snapshotDigest: snapshot.digest, cluster };
  const forerunners = await startAll(backends, createForerunners(around));
  const room = { folder: targetFolder, cluster, flags };
  let three = await startThree(backends, room);
  return {
    backends,
    ...lookInto(backends),
    async push(push = {}) {
      const admitted = await backends.store.admit(admissionOf(push, cluster));
      return admitted.runId;
    },
    async url() {
      const view = await eventually({
        see: async () => local.read(targetKey(place)),
        until: (seen) => seen !== null,
        timeoutMs: patienceMs,
      });
      return view?.url ?? '';
    },
    alert: async (alerts) => sendAlerts(three.observability, alerts),
    async restart() {
      await stopAll(Object.values(three));
      three = await startThree(backends, room);
    },
    deploy: () => three.deploy,
    shares: async (where = place) =>
      sharesOf(await (cluster === null ? local.read(keyOf(where)) : lookAt(cluster, where))),
    changes: async () => (await readEffects(folder)).filter(({ changed }) => changed),
    async [Symbol.asyncDispose]() {
      await stopAll([...Object.values(three), ...forerunners]);
      await local.shutdown();
      await backends.close();
      await rm(folder, { recursive: true, force: true });
      await rm(app, { recursive: true, force: true });
    },
  };
}

function sharesOf(view: { releases: readonly { release: string; weight: number }[] } | null): Record<string, number> {
  const having = view?.releases.filter(({ weight }) => weight > 0) ?? [];
  return Object.fromEntries(having.map(({ release, weight }) => [release, weight]));
}

async function lookAt({ kubeconfig, namespaces }: ClusterPlace, where: Where) {
  const namespace = new Map(Object.entries(namespaces)).get(where.environment) ?? '';
  const env = { KUBECONFIG: kubeconfig, KUBERNETES_NAMESPACES: namespace };
  return createKubernetesReleases(toClusterOptions(kubernetesEnv.parse(env)))(namespace).look(keyOf(where));
}

function keyOf(where: Where): string {
  return targetKey({ ...place, ...where });
}

async function sendAlerts({ router }: RunningService, alerts: readonly object[]): Promise<number> {
  const http = await listen({ routers: [router], host: '127.0.0.1', port: 0, log: silentLog });
  try {
    const headers = { authorization: `Bearer ${alertToken}` };
    const body = JSON.stringify({ version: '4', status: 'firing', alerts });
    return (await fetch(`${http.url}/alerts/alertmanager`, { method: 'POST', headers, body })).status;
  } finally {
    await http.close();
  }
}

function lookInto({ store }: Backends): Pick<ReleaseWorld, 'run' | 'ended' | 'target' | 'story'> {
  async function run(runId: string): Promise<RunState> {
    const found = await store.readRun(runId);
    if (found === null) throw new Error(`No run ${runId}`);
    return found;
  }

  return {
    run,
    async target(where = place) {
      const stored = await store.readTarget(keyOf(where));
      return stored === null ? createTarget({ ...place, ...where }) : parseTarget(stored.target);
    },
    async ended(runId, name) {
      const units = await eventually({
        see: async () => (await run(runId)).units,
        until: (seen) => (seen[name]?.endedAt ?? null) !== null,
        timeoutMs: patienceMs,
      });
      return { status: units[name]?.status ?? '', reason: units[name]?.reason ?? null };
    },
    async story(runId) {
      const history = await store.readHistory(runId);
      return history.filter(({ kind }) => kind === 'event').map(({ what, detail }) => nameOf(what, detail));
    },
  };
}

function nameOf(what: string, detail: unknown): string {
  const phase = typeof detail === 'object' && detail !== null && 'phase' in detail ? ` ${String(detail.phase)}` : '';
  return `${what}${phase}`;
}

/** The release that serves, by name. */
export function servingIn(target: Target): string | null {
  return findCurrent(target)?.release ?? null;
}
