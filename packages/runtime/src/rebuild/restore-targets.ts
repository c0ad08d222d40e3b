import {
  foldFreezes,
  foldInfrastructure,
  foldTargets,
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
import type { RunStore } from '../ports/run-store.ts';
import type { Rebuilding, RunFacts } from './facts.ts';
import { quarantineOf } from './restored-quarantine.ts';
import { emptyFinish } from '../service/empty-finish.ts';
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

export interface RestoredTargets {
  /** Of services, in line with the world. */
  targets: readonly Target[];
  environments: readonly Target[];
}

interface Restoring extends Rebuilding {
  store: RunStore;
  runs: readonly RunFacts[];
  events: readonly Received<Topic>[];
  world: TargetWorld;
}

/**
 * Writes the targets, as the events and the world tell of them, the quarantine, and what is known of environments: their
 * infrastructure, and that people have frozen them. Returns what it has written.
 */
export async function restoreTargets(restoring: Restoring): Promise<RestoredTargets> {
  const { store, world, now, events } = restoring;
  const byId = new Map(restoring.runs.map((run) => [run.folded.runId, run]));
  const releaseOf = (runId: string, place: { environment: string; service: string }): PlannedRelease | null => {
    const run = byId.get(runId);
    return run === undefined || run.plan === null ? null : world.plannedRelease(run.plan, run.folded, place);
  };
  const identityOf = (runId: string) => byId.get(runId)?.identity ?? null;
  const driftCheckMsOf = (runId: string) => byId.get(runId)?.plan?.infrastructure?.rules?.driftCheckMs ?? null;
  const folded = foldTargets({ events, releaseOf, identityOf });
  const infrastructure = foldInfrastructure({ events, identityOf, driftCheckMsOf });
  const environments = [...infrastructure, ...foldFreezes(events)];
  const targets: Target[] = [];
  if (folded.length + environments.length === 0) return { targets, environments };

  const lease = await claimOwn(restoring);
  for (const target of folded) {
    const key = targetKey(target);
    const reconciled = reconcileTarget(target, await world.look(worldKey(target)), now);
    const quarantine = quarantineOf(target, { events, byId, releaseOf });
    await store.changeTarget(lease, { ...newTarget(key, reconciled), quarantine });
    targets.push(reconciled);
  }
  for (const target of environments) await store.changeTarget(lease, newTarget(targetKey(target), target));
  await store.finish(lease, emptyFinish);
  return { targets, environments };
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
