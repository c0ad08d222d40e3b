import { resolve } from 'node:path';
import { createKubernetesReleases, joinTargets, kubernetesEnv, toClusterOptions } from '@orchestra/adapters/kubernetes';
import { createLocalReleases, localTargetEnv, toConnectOptions } from '@orchestra/adapters/local-target';
import { openDistributedRebuild } from '@orchestra/backends/distributed';
import { openEmbeddedRebuild, type RebuildRoom } from '@orchestra/backends/embedded';
import { readWorldKey } from '@orchestra/contracts';
import { restoredRemovals } from '@orchestra/iac';
import { restoredWatches } from '@orchestra/observability';
import { approverEnv, plannedRelease, restoredApprovals } from '@orchestra/deploy';
import {
  createLog,
  createSystemClock,
  createSystemIds,
  parseEnv,
  rebuildStore,
  runtimeEnv,
  type ApprovalsOf,
  type Rebuilt,
  type TargetWorld,
  type TasksOf,
} from '@orchestra/runtime';
import { ensureCredentials } from '../up/credentials.ts';
import { embeddedEnvironment } from '../up/embedded-environment.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Rebuilds the store of an embedded platform that does not run.
 *
 * @throws OrchestraError `NOT_FOUND` without one; `STORE_OWNED` while it runs, or when its store has an identity
 */
export async function rebuildEmbedded(data: string, environment: Environment): Promise<Rebuilt> {
  const folder = resolve(data);
  const room = await openEmbeddedRebuild({ folder });
  const credentials = await ensureCredentials(folder);
  const env = embeddedEnvironment({ folder, credentials, repositories: [], environment });
  return rebuildIn(room, env);
}

/**
 * Rebuilds the store that the environment names, as the services are configured.
 *
 * @throws OrchestraError `CONFIG_INVALID` with every problem; `STORE_OWNED` when the store has an identity
 */
export async function rebuildDistributed(environment: Environment): Promise<Rebuilt> {
  const places = runtimeEnv.pick({
    KAFKA_BROKERS: true,
    SCHEMA_REGISTRY_URL: true,
    REDIS_URL: true,
    ARTIFACTS_DIR: true,
    ALLOW_UNSAFE_STORE: true,
    LOG_LEVEL: true,
  });
  const config = parseEnv('orchestra rebuild', places, environment);
  // The standard output is for data.
  const log = createLog({ service: 'rebuild', level: config.LOG_LEVEL, destination: 2 });
  return rebuildIn(await openDistributedRebuild(config, log), environment);
}

async function rebuildIn(room: RebuildRoom, environment: Environment): Promise<Rebuilt> {
  const identity = createSystemIds().next();
  try {
    const asked = { world: worldOf(environment), approvalsOf: approvalsIn(environment), tasksOf };
    const rebuild = await room.begin(identity);
    try {
      return await rebuildStore({ ...room, ...asked, rebuild, identity, now: createSystemClock().now() });
    } finally {
      await rebuild.close();
    }
  } finally {
    await room.close();
  }
}

// Who is in which groups stands in the settings of deploy.
function approvalsIn(environment: Environment): ApprovalsOf {
  const { APPROVER_GROUPS: groups } = parseEnv('orchestra rebuild', approverEnv, environment);
  return (run, plan) => restoredApprovals(run, plan, groups);
}

const tasksOf: TasksOf = (restored) => [...restoredRemovals(restored), ...restoredWatches(restored)];

// What serves is asked of the supervisor or the cluster, which outlive the platform.
function worldOf(environment: Environment): TargetWorld {
  const settings = parseEnv('orchestra rebuild', localTargetEnv.extend(kubernetesEnv.shape), environment);
  const local = createLocalReleases(toConnectOptions(settings));
  const inNamespace = createKubernetesReleases(toClusterOptions(settings));
  const releases = joinTargets({ local, inNamespace, readKey: readWorldKey });
  return {
    plannedRelease,
    async look(target) {
      const seen = await releases.look(target);
      if (seen === null) return null;
      const served = seen.releases.filter(({ weight }) => weight > 0).toSorted((a, b) => b.weight - a.weight);
      return { epoch: seen.epoch, serving: served[0]?.release ?? null };
    },
  };
}
