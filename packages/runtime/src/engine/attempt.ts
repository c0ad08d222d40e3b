import { isDiskFull, OrchestraError, type RunState, type ServiceName } from '@orchestra/contracts';
import type { ClaimedJob } from '../ports/jobs.ts';
import { inSpan } from '../observe/tracing.ts';
import type { JobContext } from '../service/context.ts';
import type { Conclusion, Ended, Result } from '../service/definition.ts';
import { concludeWishes, decideConclusion } from './decide-conclusion.ts';
import { retryDelayMs } from './decide-delay.ts';
import type { Engine } from './engine.ts';
import { decisionsOf, gateDecision, type Place } from './history.ts';
import { holdLease, type HeldLease } from './hold-lease.ts';
import { createJobContext } from './job-context.ts';
import { resolveHandler, type BoundHandler } from './resolve-handler.ts';
import { settle } from './settle.ts';

// A job whose facts keep moving under it goes back to the queue instead of turning in place for ever.
const maxRounds = 50;

interface Attempt<S extends ServiceName> {
  engine: Engine<S>;
  job: ClaimedJob;
  run: RunState | null;
  handler: BoundHandler<S>;
  lease: HeldLease;
  context: JobContext<S>;
}

/** Works once at a claimed job, from the claim to the step that ends, parks, repeats or returns it. */
export async function runAttempt<S extends ServiceName>(
  engine: Engine<S>,
  job: ClaimedJob,
  stopping: AbortSignal,
): Promise<void> {
  const end = engine.meter.attemptSeconds.startTimer({ service: engine.service.name, handler: job.handler });
  const ended = await inSpan({ service: engine.service.name, job }, () => work(engine, job, stopping));
  end();
  engine.meter.attempts.inc({ service: engine.service.name, handler: job.handler, end: ended });
  if (ended === 'fenced') engine.meter.fenced.inc({ service: engine.service.name });
}

async function work<S extends ServiceName>(engine: Engine<S>, job: ClaimedJob, stopping: AbortSignal): Promise<string> {
  const handler = resolveHandler(engine, job);
  const run = job.run ?? (await readRun(engine, job));
  const lease = holdLease(engine, { job, obeysWishes: handler.obeysWishes, stopping });
  const context = createJobContext(engine, { job, run, lease });
  try {
    return await repeatUntilSettled({ engine, job, run, handler, lease, context });
  } finally {
    await lease.letGo();
  }
}

async function repeatUntilSettled<S extends ServiceName>(attempt: Attempt<S>): Promise<string> {
  const { engine, job } = attempt;
  for (let round = 0; round < maxRounds; round += 1) {
    const result = await produce(attempt);
    if (result.kind === 'handed_back') return result.how;
    await tellOfGate(attempt, result);
    const settled = await settle(engine, { job, run: attempt.run, result });
    if (settled !== 'again') return settled;
    await refresh(attempt);
  }
  await engine.store.retryLater(job, engine.settings.retryBaseMs, 'its facts kept moving');
  return 'moved';
}

// The end of a job tells how its gate was decided; a job that parks behind it would tell only then.
async function tellOfGate<S extends ServiceName>({ engine, job }: Attempt<S>, result: Result<S>): Promise<void> {
  if (result.kind !== 'park' || job.parks > 0) return;
  const decision = gateDecision(placeOf({ engine, job }));
  if (decision.length > 0) await engine.store.note(job, {}, decision);
}

function placeOf<S extends ServiceName>({ engine, job }: Pick<Attempt<S>, 'engine' | 'job'>): Place {
  return { service: engine.service.name, job, at: engine.context.clock.now() };
}

// What it was decided on has moved: the next round sees the run as it is now.
async function refresh<S extends ServiceName>(attempt: Attempt<S>): Promise<void> {
  const { engine, job, lease } = attempt;
  attempt.run = await readRun(engine, job);
  attempt.context = createJobContext(engine, { job, run: attempt.run, lease });
}

async function readRun<S extends ServiceName>({ store }: Engine<S>, { runId }: ClaimedJob): Promise<RunState | null> {
  return runId === null ? null : store.readRun(runId);
}

type Produced<S extends ServiceName> = Result<S> | { kind: 'handed_back'; how: string };

async function produce<S extends ServiceName>(attempt: Attempt<S>): Promise<Produced<S>> {
  const { job, run, handler, lease, context } = attempt;
  const wishes = lease.wishes();
  const conclusion = decideConclusion({ job: { ...job, wishes }, run, obeysWishes: handler.obeysWishes });
  if (conclusion !== null) return conclude(attempt, conclusion);
  try {
    const result = await handler.handle(context);
    // A result that comes after an interruption by a wish still stands: the work was done.
    return lease.interruption() === 'lease_lost' ? { kind: 'handed_back', how: 'fenced' } : result;
  } catch (error) {
    return recover(attempt, error);
  }
}

async function recover<S extends ServiceName>(attempt: Attempt<S>, error: unknown): Promise<Produced<S>> {
  const { engine, job, lease, context } = attempt;
  const interruption = lease.interruption();
  if (interruption === 'lease_lost') return { kind: 'handed_back', how: 'fenced' };
  if (interruption === 'stopping') {
    await engine.store.release(job);
    return { kind: 'handed_back', how: 'released' };
  }
  if (interruption === 'wished') {
    const wished = concludeWishes(lease.wishes().map(({ wish }) => wish));
    if (wished !== null) return conclude(attempt, wished);
  }
  if (interruption === 'time_limit') return conclude(attempt, timeLimit(job.maxMs));

  context.log.warn({ err: error, attempt: job.attempt }, 'attempt failed');
  if (isRetriable(error) && job.attempt < job.maxAttempts) return repeatLater(attempt, error);
  return conclude(attempt, failed(error));
}

async function repeatLater<S extends ServiceName>({ engine, job }: Attempt<S>, error: unknown): Promise<Produced<S>> {
  const { retryBaseMs: baseMs, retryCapMs: capMs } = engine.settings;
  const delayMs = retryDelayMs({ attempt: job.attempt, chance: engine.context.ids.chance(), baseMs, capMs });
  const { attempt, maxAttempts } = job;
  const facts = { attempt, maxAttempts, delayMs, message: messageOf(error).slice(0, 500) };
  const decided = [{ what: 'attempt is repeated', reason: reasonOf(error), facts }];
  await engine.store.note(job, {}, decisionsOf(placeOf({ engine, job }), decided));
  const queued = await engine.store.retryLater(job, delayMs, messageOf(error));
  return { kind: 'handed_back', how: queued === 'queued' ? 'retried' : 'fenced' };
}

async function conclude<S extends ServiceName>(attempt: Attempt<S>, conclusion: Conclusion): Promise<Ended<S>> {
  const { handler, context, lease } = attempt;
  if (handler.conclude !== null) {
    const ended = await handler.conclude(conclusion, context);
    const { reason, status, message } = conclusion;
    const facts = { status, message, attempt: attempt.job.attempt, wishes: lease.wishes() };
    return { ...ended, decided: [{ what: 'unit concluded', reason, facts }, ...(ended.decided ?? [])] };
  }

  context.log.error({ ...conclusion }, 'a reaction could not be done');
  const decided = [{ what: 'reaction failed', reason: conclusion.reason, facts: { message: conclusion.message } }];
  return { kind: 'end', status: null, events: [], decided };
}

// A programming error is never retried; what our ports throw says by itself whether waiting may help, and so does a disk.
function isRetriable(error: unknown): boolean {
  return error instanceof OrchestraError ? error.retriable : isDiskFull(error);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function failed(error: unknown): Conclusion {
  return { status: 'error', reason: reasonOf(error), message: messageOf(error).slice(0, 2000) };
}

function reasonOf(error: unknown): string {
  if (error instanceof OrchestraError) return error.code.toLowerCase();
  return isDiskFull(error) ? 'disk_full' : 'internal_error';
}

function timeLimit(maxMs: number): Conclusion {
  return { status: 'timed_out', reason: 'stage_time_limit', message: `Not done after ${maxMs / 1000} s` };
}
