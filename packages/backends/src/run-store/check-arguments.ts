import { OrchestraError } from '@orchestra/contracts';
import type { Acceptance, Admission, Claim, Finish, Lease, NewJob, Retry, RunStore } from '@orchestra/runtime';
import { anyText, count, duration, json, listOf, nullable, recordOf, text, type Check } from './checks.ts';
import type { Reads } from './reads.ts';
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
    initialize: checked((...given) => store.initialize(...given), { identity: text }),
    admit: checked((...given) => store.admit(...given), { admission: shapes.admission }, jobOfTheRun),
    noteHead: checked((...given) => store.noteHead(...given), { note: shapes.noteHead }),
    accept: checked((...given) => store.accept(...given), { acceptance: shapes.acceptance }, jobsOfTheEvent),
    acceptAndClaim: checked(
      (...given) => store.acceptAndClaim(...given),
      { acceptance: shapes.acceptance, claim: shapes.claim },
      claimOfTheService,
    ),
    enqueue: checked((...given) => store.enqueue(...given), { job: shapes.newJob }),
    claim: checked((...given) => store.claim(...given), { claim: shapes.claim }),
    renew: checked((...given) => store.renew(...given), { lease, leaseMs: duration }),
    finish: checked((...given) => store.finish(...given), { lease, finish: shapes.finish }, jobsOfTheService),
    finishAndHandOver: checked(
      (...given) => store.finishAndHandOver(...given),
      { lease, finish: shapes.finish, relay: shapes.relayClaim },
      (held, finish) => jobsOfTheService(held, finish),
    ),
    retryLater: checked((...given) => store.retryLater(...given), { lease, delayMs: duration, error: anyText }),
    park: checked((...given) => store.park(...given), { lease, park: shapes.park }),
    release: checked((...given) => store.release(...given), { lease }),
    reap: checked((...given) => store.reap(...given), { service, limit: count }),
    changeTarget: checked((...given) => store.changeTarget(...given), { lease, change: shapes.targetChange }),
    note: checked((...given) => store.note(...given), { lease, slice: shapes.slice, history: shapes.history }),
    setWish: checked((...given) => store.setWish(...given), { wish: shapes.wish }),
    retry: checked((...given) => store.retry(...given), { retry: shapes.retry }, jobsOfTheGeneration),
    answer: checked((...given) => store.answer(...given), { runId: text, answerKey: text, memo: json }),
    takeRelay: checked((...given) => store.takeRelay(...given), { service, owner: text, ms: duration }),
    readOutbox: checked((...given) => store.readOutbox(...given), { service, limit: count }),
    acknowledge: checked((...given) => store.acknowledge(...given), { service, positions: listOf(text) }),
    claimDirty: checked((...given) => store.claimDirty(...given), { service, leaseMs: duration }),
    settleDirty: checked((...given) => store.settleDirty(...given), { service, runId: text, v: count }),
    settleAndClaimDirty: checked((...given) => store.settleAndClaimDirty(...given), {
      service,
      settled: shapes.settled,
      leaseMs: duration,
    }),
    writeRendered: checked((...given) => store.writeRendered(...given), { service, runId: text, slice: shapes.slice }),
    keepSample: checked((...given) => store.keepSample(...given), { sample: shapes.sample }),
    releaseQuarantine: checked((...given) => store.releaseQuarantine(...given), { repository: text, key: text }),
    audit: checked((...given) => store.audit(...given), { entry: recordOf(anyText) }),
    ...checkedReads(store),
  };
}

function checkedReads(store: RunStore): Reads {
  return {
    readAnswer: checked((...given) => store.readAnswer(...given), { runId: text, answerKey: text }),
    readRun: checked((...given) => store.readRun(...given), { runId: text }),
    findRun: checked((...given) => store.findRun(...given), { repository: text, sequence: count }),
    listRuns: checked((...given) => store.listRuns(...given), { query: shapes.query }),
    readHeads: checked((...given) => store.readHeads(...given), { repository: text }),
    readHistory: checked((...given) => store.readHistory(...given), { runId: text }),
    readJobs: checked((...given) => store.readJobs(...given), { runId: text }),
    readJob: checked((...given) => store.readJob(...given), { jobId: text }),
    readTarget: checked((...given) => store.readTarget(...given), { key: text }),
    listTargets: checked((...given) => store.listTargets(...given), { repository: nullable(text) }),
    readQuarantine: checked((...given) => store.readQuarantine(...given), { repository: text }),
    readSamples: checked((...given) => store.readSamples(...given), { query: shapes.sampleQuery }),
    stats: checked((...given) => store.stats(...given), { service: shapes.service }),
    nextDueMs: checked((...given) => store.nextDueMs(...given), { service: shapes.service, except: listOf(text) }),
    readAudit: checked((...given) => store.readAudit(...given), { limit: count }),
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

function claimOfTheService(acceptance: Acceptance, { service: claims }: Claim): string[] {
  const differs = claims !== acceptance.service;
  return [...jobsOfTheEvent(acceptance), ...(differs ? ['claim.service differs from that of the event'] : [])];
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
