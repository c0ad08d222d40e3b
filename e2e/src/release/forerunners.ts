import { randomUUID } from 'node:crypto';
import type { PlannedUnit } from '@orchestra/contracts';
import { defineService, jobIdOf, type Admission, type Backends, type Service } from '@orchestra/runtime';
import { aNewJob, anAdmission } from '@orchestra/testkit';
import { z } from 'zod';
import { planOf, repository, unit, type PlanChange } from './release-plan.ts';
import type { Starter } from './start-services.ts';

/** A push whose build, tests and infrastructure are good. */
export interface Push extends PlanChange {
  commit: string;
  ref: string;
  /** What iac says. */
  outcome: 'SUCCESS' | 'FAILURE';
}

const usual: Push = { version: 'v1', failEvery: 0, commit: '', ref: 'refs/heads/main', outcome: 'SUCCESS' };

export function admissionOf(change: Partial<Push>): Admission {
  const runId = randomUUID();
  const push = { ...usual, commit: runId.replaceAll('-', '').padEnd(40, '0'), ...change };
  const identity = { runId, repository, ref: push.ref, commit: push.commit };
  const job = aNewJob({
    jobId: jobIdOf('gitops', runId, 'gitops'),
    service: 'gitops',
    runId,
    unit: 'gitops',
    handler: 'fetch',
    payload: JSON.stringify({ plan: planOf(push), outcome: push.outcome }),
    maxAttempts: 1,
  });
  return anAdmission(identity, { job, hopsLimit: 100, maxSupersedes: 5 });
}

const planned: PlannedUnit[] = [
  { unit: 'gitops', service: 'gitops', after: [], gate: null, gateDeadlineMs: 60_000 },
  { unit: 'iac/production', service: 'iac', after: ['gitops'], gate: null, gateDeadlineMs: 60_000 },
  { unit: unit.deploy, service: 'deploy', after: ['iac/production'], gate: ['iac/production'], gateDeadlineMs: 60_000 },
  { unit: unit.observe, service: 'observability', after: [unit.deploy], gate: null, gateDeadlineMs: 60_000 },
];

interface Around {
  backends: Backends;
  snapshotDigest: string;
}

/** gitops and iac, as far as deploy needs them. */
export function createForerunners(around: Around): Starter[] {
  return [async (start) => start(createGitops(around)), async (start) => start(createIac())];
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

const fetched = z.object({ plan: z.unknown(), outcome: z.enum(['SUCCESS', 'FAILURE']) });

function createGitops({ backends, snapshotDigest }: Around): Service<'gitops'> {
  const noSource = { baseCommit: null, changedFiles: null, problems: [], warnings: [], licenses: [] };
  const noNames = { before: null, delivery: null, content: null };
  const noPeople = { message: null, pullRequest: null, environmentLimit: null };
  const noDetails = { baseCommit: null, changedFiles: null, ...noPeople, ...noNames };
  return defineService({
    name: 'gitops',
    on: followsAll,
    tasks: {
      fetch: {
        async handle(payload, { run }) {
          const { plan, outcome } = fetched.parse(payload);
          const { digest: planDigest } = await backends.artifacts.put(Buffer.from(JSON.stringify(plan)));
          const { ref, commit, sequence: number } = run;
          const pushed = { repository, ref, commit, author: 'ada', number, snapshotDigest, planDigest };
          const data = { outcome, reason: null, trigger: 'PUSH' as const, ...noDetails, ...pushed };
          return {
            kind: 'end',
            status: 'success',
            slice: { source: { planDigest, snapshotDigest, ...noSource } },
            events: [{ topic: 'code_push', data }],
            plan: { units: planned, deadlineMs: 600_000, hopsLimit: 100 },
          };
        },
      },
    },
  });
}

function createIac(): Service<'iac'> {
  return defineService({
    name: 'iac',
    on: {
      code_push: {
        kind: 'stage',
        unit: () => 'iac/production',
        async handle({ data: { outcome } }) {
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
    },
  });
}
