import { OrchestraError } from '@orchestra/contracts';
import type { Acceptance, Admission, Finish, Lease, NewJob, Retry, RunStore } from '@orchestra/runtime';
import { anyText, count, duration, json, listOf, nullable, recordOf, text, type Check } from './checks.ts';
import * as shapes from './shapes.ts';

/**
 * Puts the check of all arguments in front of a store, so that every backend refuses the same. A refused call rejects
 * with every problem in one message, and never reaches the store.
 *
 * @throws OrchestraError `STORE_ARGUMENT_INVALID`, not retriable
 */
export function withCheckedArguments(store: RunStore): RunStore {
  const { service, lease } = shapes;
  return {
    ...store,
    initialize: checked(store.initialize, { identity: text }),
    admit: checked(store.admit, { admission: shapes.admission }, jobOfTheRun),
    accept: checked(store.accept, { acceptance: shapes.acceptance }, jobsOfTheEvent),
    enqueue: checked(store.enqueue, { job: shapes.newJob }),
    claim: checked(store.claim, { claim: shapes.claim }),
    renew: checked(store.renew, { lease, leaseMs: duration }),
    finish: checked(store.finish, { lease, finish: shapes.finish }, jobsOfTheService),
    retryLater: checked(store.retryLater, { lease, delayMs: duration, error: anyText }),
    park: checked(store.park, { lease, park: shapes.park }),
    release: checked(store.release, { lease }),
    reap: checked(store.reap, { service, limit: count }),
    changeTarget: checked(store.changeTarget, { lease, change: shapes.targetChange }),
    note: checked(store.note, { lease, slice: shapes.slice, history: shapes.history }),
    setWish: checked(store.setWish, { wish: shapes.wish }),
    retry: checked(store.retry, { retry: shapes.retry }, jobsOfTheGeneration),
    answer: checked(store.answer, { runId: text, answerKey: text, memo: json }),
    takeRelay: checked(store.takeRelay, { service, owner: text, ms: duration }),
    readOutbox: checked(store.readOutbox, { service, limit: count }),
    acknowledge: checked(store.acknowledge, { service, positions: listOf(text) }),
    claimDirty: checked(store.claimDirty, { service, leaseMs: duration }),
    settleDirty: checked(store.settleDirty, { service, runId: text, v: count }),
    writeRendered: checked(store.writeRendered, { service, runId: text, slice: shapes.slice }),
    releaseQuarantine: checked(store.releaseQuarantine, { repository: text, key: text }),
    audit: checked(store.audit, { entry: recordOf(anyText) }),
    ...checkedReads(store),
  };
}

type Reads =
  | 'readAnswer'
  | 'readRun'
  | 'findRun'
  | 'listRuns'
  | 'readHistory'
  | 'readJobs'
  | 'readJob'
  | 'readTarget'
  | 'listTargets'
  | 'readQuarantine'
  | 'stats'
  | 'nextDueMs'
  | 'readAudit';

function checkedReads(store: RunStore): Pick<RunStore, Reads> {
  return {
    readAnswer: checked(store.readAnswer, { runId: text, answerKey: text }),
    readRun: checked(store.readRun, { runId: text }),
    findRun: checked(store.findRun, { repository: text, sequence: count }),
    listRuns: checked(store.listRuns, { query: shapes.query }),
    readHistory: checked(store.readHistory, { runId: text }),
    readJobs: checked(store.readJobs, { runId: text }),
    readJob: checked(store.readJob, { jobId: text }),
    readTarget: checked(store.readTarget, { key: text }),
    listTargets: checked(store.listTargets, { repository: nullable(text) }),
    readQuarantine: checked(store.readQuarantine, { repository: text }),
    stats: checked(store.stats, { service: shapes.service }),
    nextDueMs: checked(store.nextDueMs, { service: shapes.service }),
    readAudit: checked(store.readAudit, { limit: count }),
  };
}

/** `checks`: one an argument, in their order. `across`: what several arguments must agree on. */
function checked<A extends readonly unknown[], R>(
  step: (...args: A) => Promise<R>,
  checks: Readonly<Record<string, Check>>,
  across?: (...args: A) => string[],
): (...args: A) => Promise<R> {
  const entries = Object.entries(checks);
  return async function checkedStep(...args: A): Promise<R> {
    refuse(entries.flatMap(([name, check], index) => check(args[index], name)));
    refuse(across?.(...args) ?? []);
    return step(...args);
  };
}

function refuse(problems: readonly string[]): void {
  if (problems.length > 0) throw new OrchestraError('STORE_ARGUMENT_INVALID', problems.join('; '));
}

function jobOfTheRun({ identity, job }: Admission): string[] {
  return strangers('admission.job', [job], { runId: identity.runId });
}

function jobsOfTheEvent({ runId, service, job, arm, input }: Acceptance): string[] {
  return [
    ...strangers('acceptance.job', job === null ? [] : [job], { runId, service }),
    ...strangers('acceptance.arm', arm, { runId, service }),
    ...(runId === null && input !== null ? ['acceptance.input needs a run'] : []),
  ];
}

function jobsOfTheService(lease: Lease, { jobs }: Finish): string[] {
  return strangers('finish.jobs', jobs, { service: lease.service });
}

function jobsOfTheGeneration({ runId, expected, jobs, gates }: Retry): string[] {
  const generation = expected + 1;
  return [
    ...strangers('retry.jobs', jobs, { runId, generation }),
    ...strangers('retry.gates', gates, { runId, generation }),
  ];
}

// Jobs of a step belong to what the step is about: those of another run or service would never be found again.
function strangers(
  path: string,
  jobs: readonly NewJob[],
  expected: Partial<Pick<NewJob, 'runId' | 'service' | 'generation'>>,
): string[] {
  return jobs.flatMap((job) => {
    const own: Record<string, unknown> = { ...job };
    const differing = Object.entries(expected).filter(([key, value]) => own[key] !== value);
    return differing.map(([key]) => `${path}: ${job.jobId} has another ${key} than its step`);
  });
}
