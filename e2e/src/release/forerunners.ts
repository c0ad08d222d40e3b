import { randomUUIDv7 } from 'node:crypto';
import type { PlannedUnit } from '@orchestra/contracts';
import { defineService, jobIdOf, type Admission, type Backends, type Service } from '@orchestra/runtime';
import { aNewJob, anAdmission } from '@orchestra/testkit';
import { z } from 'zod';
import { imageOf, inCluster, type ClusterPlace } from './cluster-place.ts';
import { playedUnits } from './played-units.ts';
import { planOf, repository, type PlanChange } from './release-plan.ts';
import type { Starter } from './start-services.ts';

/** A push whose build, tests and infrastructure are good. */
export interface Push extends PlanChange {
  commit: string;
  ref: string;
  /** What iac says. */
  outcome: 'SUCCESS' | 'FAILURE';
  /** Paths; null: not known. */
  changed: readonly string[] | null;
}

const usual: Push = {
  version: 'v1',
  failEvery: 0,
  commit: '',
  ref: 'refs/heads/main',
  outcome: 'SUCCESS',
  changed: null,
};

export function admissionOf(change: Partial<Push>, cluster: ClusterPlace | null): Admission {
  const runId = randomUUIDv7();
  const push = { ...usual, commit: runId.replaceAll('-', '').padEnd(40, '0'), ...change };
  const plan = cluster === null ? planOf(push) : inCluster(planOf(push), cluster);
  const identity = { runId, repository, ref: push.ref, commit: push.commit };
  const units = playedUnits(plan, { builds: cluster !== null });
  const job = aNewJob({
    jobId: jobIdOf('gitops', runId, 'gitops'),
    service: 'gitops',
    runId,
    unit: 'gitops',
    handler: 'fetch',
    payload: JSON.stringify({ plan, outcome: push.outcome, changed: push.changed, units }),
    maxAttempts: 1,
  });
  return anAdmission(identity, { job, hopsLimit: 100, maxSupersedes: 5 });
}

interface Around {
  backends: Backends;
  snapshotDigest: string;
  cluster: ClusterPlace | null;
}

/** gitops and iac, and build where images are released, as far as deploy needs them. */
export function createForerunners(around: Around): Starter[] {
  const both: Starter[] = [async (start) => start(createGitops(around)), async (start) => start(createIac())];
  return around.cluster === null ? both : [...both, async (start) => start(createBuild())];
}

const follow = { kind: 'follow' } as const;

const followsAll = {
  build_ready: follow,
  code_analysis: follow,
  test_results: follow,
  iac_ready: follow,
  deployment_triggered: follow,
  deployment_health: follow,
  observability_alert: follow,
  rollback_event: follow,
  operator_command: follow,
};

const fetched = z.object({
  plan: z.unknown(),
  outcome: z.enum(['SUCCESS', 'FAILURE']),
  changed: z.array(z.string()).nullable(),
  units: z.custom<PlannedUnit[]>(Array.isArray),
});

function createGitops({ backends, snapshotDigest }: Around): Service<'gitops'> {
  const noSource = { baseCommit: null, problems: [], warnings: [], licenses: [] };
  const noNames = { before: null, delivery: null, content: null, pusher: null };
  const noPeople = { message: null, pullRequest: null, environmentLimit: null };
  const noDetails = { baseCommit: null, changedFiles: null, ...noPeople, ...noNames };
  return defineService({
    name: 'gitops',
    on: followsAll,
    tasks: {
      fetch: {
        async handle(payload, { run }) {
          const { plan, outcome, changed, units } = fetched.parse(payload);
          const changedFiles = changed?.map((path) => ({ path, addedLines: 1, deletedLines: 0 })) ?? null;
          const { digest: planDigest } = await backends.artifacts.put(Buffer.from(JSON.stringify(plan)));
          const { ref, commit, sequence: number } = run;
          const pushed = { repository, ref, commit, author: 'ada', number, snapshotDigest, planDigest };
          const data = { outcome, reason: null, trigger: 'PUSH' as const, ...noDetails, ...pushed };
          return {
            kind: 'end',
            status: 'success',
            slice: { source: { planDigest, snapshotDigest, ...noSource, changedFiles } },
            events: [{ topic: 'code_push', data }],
            plan: { units, deadlineMs: 600_000, hopsLimit: 100 },
          };
        },
      },
    },
  });
}

function createBuild(): Service<'build'> {
  return defineService({
    name: 'build',
    on: {
      code_push: {
        kind: 'stage',
        unit: () => 'build',
        async handle(_event, { plan, run }) {
          const { image } = (await plan()).build;
          const artifacts = image === null ? [] : [imageOf(image, run.commit)];
          const data = { outcome: 'SUCCESS' as const, reason: null, artifacts, durationMs: 1 };
          const slice = { result: { tool: 'docker', artifacts, durationMs: 1 } };
          return { kind: 'end', status: 'success', slice, events: [{ topic: 'build_ready', data }] };
        },
        conclude: ({ status, reason }) => ({ kind: 'end', status, reason, events: [] }),
      },
      operator_command: { kind: 'reaction', concerns: () => false, handle: async () => ({ kind: 'again' }) },
    },
  });
}

// Deploy looks for what was built when iac lets it begin.
const untilBuilt = { kind: 'park', reason: 'build', delayMs: 50, status: 'running' } as const;

function createIac(): Service<'iac'> {
  return defineService({
    name: 'iac',
    on: {
      code_push: {
        kind: 'stage',
        unit: () => 'iac/production',
        async handle({ data: { outcome } }, { run }) {
          if (run.units['build'] !== undefined && run.units['build'].endedAt === null) return untilBuilt;
          const summary = {
            tool: null,
            planDigest: null,
            toAdd: 0,
            toChange: 0,
            toDestroy: 0,
            outputsDigest: null,
            causes: [],
          };
          const data = { outcome, reason: null, environment: 'production', ...summary };
          const status = outcome === 'SUCCESS' ? 'success' : 'failure';
          return { kind: 'end', status, events: [{ topic: 'iac_ready', data }] };
        },
        conclude: ({ status, reason }) => ({ kind: 'end', status, reason, events: [] }),
      },
      test_results: { kind: 'reaction', concerns: () => false, handle: async () => ({ kind: 'again' }) },
      code_analysis: { kind: 'reaction', concerns: () => false, handle: async () => ({ kind: 'again' }) },
      operator_command: { kind: 'reaction', concerns: () => false, handle: async () => ({ kind: 'again' }) },
      rollback_event: { kind: 'reaction', concerns: () => false, handle: async () => ({ kind: 'again' }) },
    },
  });
}
