import type { RunStore } from '@orchestra/runtime';
import { withCheckedArguments } from '../../run-store/check-arguments.ts';
import type { Reads } from '../../run-store/reads.ts';
import type { Database } from '../database.ts';
import { acceptAndClaim } from './accept-and-claim.ts';
import { accept } from './accept.ts';
import { admit } from './admit.ts';
import { readAudit, writeAudit } from './audit.ts';
import { claim, reap, release, renew, retryLater } from './claim.ts';
import { claimDirty, settleAndClaimDirty, settleDirty, writeRendered } from './dirty.ts';
import { finish, note } from './finish.ts';
import { noteHead, readHeads } from './heads.ts';
import { createJob } from './jobs.ts';
import { acknowledge, readOutbox, takeRelay } from './outbox.ts';
import { answer, park, readAnswer } from './park.ts';
import { nextDueMs, readStats } from './queue-stats.ts';
import { findRun, listRuns, readHistory, readJob, readJobs, readRun } from './read-run.ts';
import { retry } from './retry.ts';
import { keepSample, readSamples } from './samples.ts';
import { inStep, inView, readIdentity, hintName, type Step } from './step.ts';
import { sweep } from './sweep.ts';
import { changeTarget, listTargets, readQuarantine, readTarget, releaseQuarantine } from './targets.ts';
import { setWish } from './wishes.ts';

export interface SqliteRunStoreOptions {
  database: Database;
  /** How long a run is kept after its end, and a delivery after its admission. Default: 14 days. */
  retentionMs?: number;
}

type RunStep = <T>(work: (step: Step) => T) => Promise<T>;

/**
 * Creates the run store of the embedded form. `close` ends the store, not the database, which the bus shares: who opened
 * it closes it.
 */
export function createSqliteRunStore({ database, retentionMs = 14 * 86_400_000 }: SqliteRunStoreOptions): RunStore {
  const inDatabase: RunStep = (work) => inStep(database, work);
  const looking: RunStep = (work) => inView(database, work);
  const stops = new Set<() => void>();
  let sweptAt = Number.NEGATIVE_INFINITY;
  function sweepSometimes(step: Step): void {
    if (step.now - sweptAt < Math.min(3_600_000, retentionMs)) return;
    if (sweep(step, retentionMs)) sweptAt = step.now;
  }
  return withCheckedArguments({
    ...identitySteps(database),
    ...intakeSteps(inDatabase, sweepSometimes),
    ...leaseSteps(inDatabase, sweepSometimes),
    ...personSteps(inDatabase),
    ...relaySteps(inDatabase, looking),
    ...reads(looking),
    onWake(service, hint, listener) {
      const stop = database.wakes.listen(hintName(service, hint), listener);
      stops.add(stop);
      return () => {
        stops.delete(stop);
        stop();
      };
    },
    async close() {
      for (const stop of stops) stop();
      stops.clear();
    },
  });
}

function identitySteps(db: Database): Pick<RunStore, 'identity' | 'initialize'> {
  return {
    identity: () => db.step(() => readIdentity(db)),
    initialize: (identity) =>
      db.step(() => {
        db.run(`INSERT OR IGNORE INTO meta VALUES ('identity', ?)`, [identity]);
        return readIdentity(db) ?? identity;
      }),
  };
}

function intakeSteps(
  run: RunStep,
  housekeeping: (step: Step) => void,
): Pick<RunStore, 'admit' | 'accept' | 'acceptAndClaim' | 'enqueue' | 'noteHead'> {
  return {
    admit: async (admission) =>
      run((step) => {
        housekeeping(step);
        return admit(step, admission);
      }),
    noteHead: async (moved) => run((step) => noteHead(step, moved)),
    accept: async (acceptance) => run((step) => accept(step, acceptance)),
    acceptAndClaim: async (acceptance, asked) => run((step) => acceptAndClaim(step, acceptance, asked)),
    enqueue: async (job) => run((step) => (createJob(step, job) ? 'created' : 'dup')),
  };
}

type LeaseSteps =
  | 'claim'
  | 'renew'
  | 'finish'
  | 'finishAndHandOver'
  | 'retryLater'
  | 'park'
  | 'release'
  | 'reap'
  | 'changeTarget'
  | 'note';

function leaseSteps(run: RunStep, housekeeping: (step: Step) => void): Pick<RunStore, LeaseSteps> {
  return {
    claim: async (asked) => run((step) => claim(step, asked)),
    renew: async (lease, leaseMs) => run((step) => renew(step, lease, leaseMs)),
    finish: async (lease, done) => run((step) => finish(step, lease, done)),
    // The relay reads in this process: nothing to hand over.
    finishAndHandOver: async (lease, done) => run((step) => ({ finished: finish(step, lease, done), handed: null })),
    retryLater: async (lease, delayMs, error) => run((step) => retryLater(step, lease, { delayMs, error })),
    park: async (lease, asked) => run((step) => park(step, lease, asked)),
    release: async (lease) => run((step) => release(step, lease)),
    reap: async (service, limit) =>
      run((step) => {
        housekeeping(step);
        return reap(step, service, limit);
      }),
    changeTarget: async (lease, change) => run((step) => changeTarget(step, lease, change)),
    note: async (lease, slice, history) => run((step) => note(step, lease, { slice, history })),
  };
}

type PersonSteps = 'setWish' | 'retry' | 'answer' | 'releaseQuarantine' | 'audit' | 'keepSample';

function personSteps(run: RunStep): Pick<RunStore, PersonSteps> {
  return {
    setWish: async (wish) => run((step) => setWish(step, wish)),
    retry: async (asked) => run((step) => retry(step, asked)),
    answer: async (runId, answerKey, memo) => run((step) => answer(step, { runId, answerKey, memo })),
    releaseQuarantine: async (repository, key) => run((step) => releaseQuarantine(step, repository, key)),
    audit: async (entry) => run((step) => writeAudit(step, entry)),
    keepSample: async (sample) => run((step) => keepSample(step, sample)),
  };
}

type RelaySteps =
  | 'takeRelay'
  | 'readOutbox'
  | 'acknowledge'
  | 'claimDirty'
  | 'settleDirty'
  | 'settleAndClaimDirty'
  | 'writeRendered';

function relaySteps(run: RunStep, look: RunStep): Pick<RunStore, RelaySteps> {
  return {
    takeRelay: async (service, owner, ms) => run((step) => takeRelay(step, service, { owner, ms })),
    readOutbox: async (service, limit) => look((step) => readOutbox(step, service, limit)),
    acknowledge: async (service, positions) => run((step) => acknowledge(step, service, positions)),
    claimDirty: async (service, leaseMs) => run((step) => claimDirty(step, service, leaseMs)),
    settleDirty: async (service, runId, v) => run((step) => settleDirty(step, { service, runId, v })),
    settleAndClaimDirty: async (service, settled, leaseMs) =>
      run((step) => settleAndClaimDirty(step, { service, ...settled }, leaseMs)),
    writeRendered: async (service, runId, slice) => run((step) => writeRendered(step, { service, runId }, slice)),
  };
}

function reads(look: RunStep): Reads {
  return {
    readAnswer: async (runId, answerKey) => look((step) => readAnswer(step, runId, answerKey)),
    readRun: async (runId) => look((step) => readRun(step, runId)),
    findRun: async (repository, sequence) => look((step) => findRun(step, repository, sequence)),
    listRuns: async (query) => look((step) => listRuns(step, query)),
    readHeads: async (repository) => look((step) => readHeads(step, repository)),
    readHistory: async (runId) => look((step) => readHistory(step, runId)),
    readJobs: async (runId) => look((step) => readJobs(step, runId)),
    readJob: async (jobId) => look((step) => readJob(step, jobId)),
    readTarget: async (key) => look((step) => readTarget(step, key)),
    listTargets: async (repository) => look((step) => listTargets(step, repository)),
    readQuarantine: async (repository) => look((step) => readQuarantine(step, repository)),
    readSamples: async (query) => look((step) => readSamples(step, query)),
    stats: async (service) => look((step) => readStats(step, service)),
    nextDueMs: async (service, except) => look((step) => nextDueMs(step, service, except)),
    readAudit: async (limit) => look((step) => readAudit(step, limit)),
  };
}
