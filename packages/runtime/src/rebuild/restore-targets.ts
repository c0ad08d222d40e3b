import {
  findBreach,
  findRelease,
  foldFreezes,
  foldInfrastructure,
  foldTargets,
  isOf,
  OrchestraError,
  reconcileTarget,
  targetKey,
  worldKey,
  type PlannedRelease,
  type Plan,
  type Received,
  type RunState,
  type SeenTarget,
  type Target,
  type Topic,
} from '@orchestra/contracts';
import { jobIdOf } from '../envelope/identity.ts';
import type { ClaimedJob } from '../ports/jobs.ts';
import type { Finish, Quarantined, RunStore } from '../ports/run-store.ts';
import type { Rebuilding, RunFacts } from './facts.ts';
import { unaskedJob } from '../service/unasked-job.ts';

/** What a rebuild needs to know of releases, and of the world that they are in. */
export interface TargetWorld {
  /** What a run brings to a target; null: it cannot be told. */
  plannedRelease(
    plan: Plan,
    run: Pick<RunState, 'slices'>,
    place: { environment: string; service: string },
  ): PlannedRelease | null;
  /** `target`: its name in the world (`worldKey`). Null: nothing was ever deployed there. @throws OrchestraError `TARGET_UNREACHABLE`, retriable */
  look(target: string): Promise<SeenTarget | null>;
}

interface Restoring extends Rebuilding {
  store: RunStore;
  runs: readonly RunFacts[];
  events: readonly Received<Topic>[];
  world: TargetWorld;
}

/**
 * Writes the targets, as the events and the world tell of them, the quarantine, and what is known of environments: their
 * infrastructure, and that people have frozen them. Returns how many targets there are.
 */
export async function restoreTargets(restoring: Restoring): Promise<number> {
  const { store, world, now, events } = restoring;
  const byId = new Map(restoring.runs.map((run) => [run.folded.runId, run]));
  const releaseOf = (runId: string, place: { environment: string; service: string }): PlannedRelease | null => {
    const run = byId.get(runId);
    return run === undefined || run.plan === null ? null : world.plannedRelease(run.plan, run.folded, place);
  };
  const identityOf = (runId: string) => byId.get(runId)?.identity ?? null;
  const driftCheckMsOf = (runId: string) => byId.get(runId)?.plan?.infrastructure?.rules?.driftCheckMs ?? null;
  const targets = foldTargets({ events, releaseOf, identityOf });
  const infrastructure = foldInfrastructure({ events, identityOf, driftCheckMsOf });
  const environments = [...infrastructure, ...foldFreezes(events)];
  if (targets.length + environments.length === 0) return 0;

  const lease = await claimOwn(restoring);
  for (const target of targets) {
    const key = targetKey(target);
    const reconciled = reconcileTarget(target, await world.look(worldKey(target)), now);
    const quarantine = quarantineOf(target, { events, byId, releaseOf });
    await store.changeTarget(lease, { ...newTarget(key, reconciled), quarantine });
  }
  for (const target of environments) await store.changeTarget(lease, newTarget(targetKey(target), target));
  await store.finish(lease, nothing);
  return targets.length;
}

function newTarget(key: string, target: Target) {
  return { key, expected: 0, target: JSON.stringify(target), wake: [], quarantine: [], unlessQuarantined: null };
}

// Targets are written by jobs, under their lease: this is the rebuild's own. The queue has no other one yet.
async function claimOwn({ store, identity }: Restoring): Promise<ClaimedJob> {
  const cause = `rebuild:${identity}`;
  await store.enqueue(
    unaskedJob({
      jobId: jobIdOf('deploy', cause, 'targets'),
      service: 'deploy',
      handler: 'rebuild',
      cause,
      maxAttempts: 1,
      maxMs: 3_600_000,
    }),
  );
  const job = await store.claim({ service: 'deploy', owner: cause, leaseMs: 3_600_000, except: [], maxStalls: 1 });
  if (job === null) throw new OrchestraError('STORE_UNAVAILABLE', 'The job of the rebuild is not there');
  return job;
}

export const nothing: Finish = {
  status: null,
  reason: null,
  message: null,
  slice: {},
  outbox: [],
  history: [],
  jobs: [],
  wish: null,
  plan: null,
  target: null,
  notes: [],
};

interface Told {
  events: readonly Received<Topic>[];
  byId: ReadonlyMap<string, RunFacts>;
  releaseOf(runId: string, place: { environment: string; service: string }): PlannedRelease | null;
}

/** What rollbacks put into quarantine at this target, and nobody has let out since. */
function quarantineOf(target: Target, { events, byId, releaseOf }: Told): Quarantined[] {
  const { repository, environment, service } = target;
  const taken = events.filter((event) => isOf(event, 'rollback_event')).filter(({ data }) => data.quarantined);
  return taken.flatMap((event): Quarantined[] => {
    const { data, runId, time, causeId } = event;
    const identity = byId.get(runId)?.identity;
    const isHere = data.environment === environment && data.service === service;
    if (!isHere || identity?.repository !== repository) return [];
    const release = data.fromRelease;
    const version = versionIn(target, release) ?? toldVersion(events, event) ?? releaseOf(runId, data)?.version;
    const entry = {
      repository,
      runId,
      release,
      reason: data.reason,
      alertId: causeId,
      breach: findBreach(data.compared),
      at: time.toISOString(),
    };
    const keys = version === undefined ? [identity.commit] : [identity.commit, version];
    return isLetOut(events, { repository, keys, since: time }) ? [] : keys.map((key) => ({ ...entry, key }));
  });
}

function versionIn(target: Target, release: string | null): string | undefined {
  return release === null ? undefined : findRelease(target, release)?.version;
}

// One that was taken back before it served stands in no target.
function toldVersion(events: readonly Received<Topic>[], { runId, data }: Received<'rollback_event'>): string | null {
  const moves = events.filter((event) => isOf(event, 'deployment_triggered')).filter((event) => event.runId === runId);
  const isOfIt = (move: Received<'deployment_triggered'>['data']) =>
    move.release === data.fromRelease && move.environment === data.environment && move.service === data.service;
  return moves.findLast((event) => isOfIt(event.data))?.data.version ?? null;
}

interface LetOut {
  repository: string;
  keys: readonly string[];
  since: Date;
}

function isLetOut(events: readonly Received<Topic>[], { repository, keys, since }: LetOut): boolean {
  return events
    .filter((event) => isOf(event, 'operator_command'))
    .filter(({ data }) => data.action === 'RELEASE_QUARANTINE' && data.repository === repository)
    .some(({ data, time }) => data.digest !== null && keys.includes(data.digest) && time >= since);
}
