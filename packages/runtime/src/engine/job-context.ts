import { OrchestraError, type RunState, type ServiceName } from '@orchestra/contracts';
import type { ClaimedJob } from '../ports/jobs.ts';
import type { JobContext, JobView } from '../service/context.ts';
import type { Engine } from './engine.ts';
import type { HeldLease } from './hold-lease.ts';
import { decisionsOf } from './history.ts';
import { jobOrigin } from './job-origin.ts';
import { readPlan } from './read-plan.ts';
import { sliceOf, targetOf } from './writes.ts';

interface Attempted {
  job: ClaimedJob;
  run: RunState | null;
  lease: HeldLease;
}

/** What one attempt at a job may see and do. The handle writes only the service's own slice, under the job's lease. */
export function createJobContext<S extends ServiceName>(engine: Engine<S>, attempted: Attempted): JobContext<S> {
  const { store, context, service } = engine;
  const { job, run, lease } = attempted;
  const { artifacts, logs, clock, ids, notes } = context;
  const log = context.log.child(jobOrigin(job));
  return {
    store: context.store,
    artifacts,
    logs,
    clock,
    ids,
    notes,
    log,
    job: viewOf(job),
    get run() {
      if (run === null) throw new OrchestraError('RUN_UNKNOWN', `Job ${job.jobId} belongs to no run`);
      return run;
    },
    plan: () => readPlan(run, artifacts),
    now: clock.now(),
    signal: lease.signal,
    wishes: lease.wishes,
    async output(text) {
      if (job.runId === null || job.unit === null) return;
      await logs.append({ runId: job.runId, unit: job.unit, generation: job.generation }, text);
    },
    async changeTarget(write) {
      const changed = await store.changeTarget(job, targetOf(job, write, clock.now()));
      if (changed === 'fenced') throw new OrchestraError('STORE_UNAVAILABLE', 'The lease of this job is lost');
      return changed;
    },
    async note(slice, decided = []) {
      const history = decisionsOf({ service: service.name, job, at: clock.now() }, decided);
      await store.note(job, sliceOf(slice), history);
    },
  };
}

function viewOf(job: ClaimedJob): JobView {
  const { jobId, cause, causes, unit, generation, attempt, stalls, parks, gate } = job;
  const memo: unknown = job.memo === null ? null : JSON.parse(job.memo);
  return {
    jobId,
    cause,
    causes,
    unit,
    generation,
    attempt,
    stalls,
    parks,
    gate,
    memo,
    createdAt: new Date(job.createdAt),
  };
}
