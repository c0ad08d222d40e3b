import type { RunState, ServiceName } from '@orchestra/contracts';
import type { ClaimedJob } from '../ports/jobs.ts';
import type { Finish, Finished, Park } from '../ports/run-store.ts';
import type { Ended, ParkedResult, Result } from '../service/definition.ts';
import type { Engine } from './engine.ts';
import { historyOf } from './history.ts';
import { recordsOf } from './outgoing.ts';
import { sliceOf, targetOf } from './writes.ts';
import { timerJob } from './timer-job.ts';

interface Settle<S extends ServiceName> {
  job: ClaimedJob;
  run: RunState | null;
  result: Result<S>;
}

/** Ends or parks the attempt in one step of the store. `again`: the facts moved, so the handler decides anew. */
export async function settle<S extends ServiceName>(
  engine: Engine<S>,
  { job, run, result }: Settle<S>,
): Promise<string> {
  switch (result.kind) {
    case 'again':
      return 'again';
    case 'park': {
      const parked = await engine.store.park(job, parkOf(job, result, engine.context.clock.now()));
      return parked === 'parked' || parked === 'fenced' ? parked : 'again';
    }
    case 'end': {
      const finished = await finish(engine, job, await finishOf(engine, { job, run, result }));
      return finished === 'finished' || finished === 'fenced' ? finished : 'again';
    }
  }
}

// What is to be published goes to the relay of this process with the reply, when it is the one that publishes.
async function finish<S extends ServiceName>(engine: Engine<S>, job: ClaimedJob, done: Finish): Promise<Finished> {
  const { store, head, owner, settings, context } = engine;
  if (done.outbox.length === 0) return store.finish(job, done);
  const ms = settings.relayLeaseMs;
  const atMs = context.clock.monotonicMs();
  const { finished, handed } = await store.finishAndHandOver(job, done, { owner, ms });
  if (handed !== null) head.give({ handed, records: done.outbox, atMs, heldUntilMs: atMs + ms / 2 });
  return finished;
}

function parkOf<S extends ServiceName>(job: ClaimedJob, result: ParkedResult<S>, now: Date): Park {
  return {
    reason: result.reason,
    message: result.message ?? null,
    delayMs: result.delayMs,
    memo: result.memo === undefined ? null : JSON.stringify(result.memo),
    answerKey: result.answerKey ?? null,
    status: result.status ?? 'waiting',
    slice: sliceOf(result.slice),
    target: result.target === undefined ? null : targetOf(job, result.target, now),
  };
}

// Encoding comes before the atomic step: a script cannot encode Avro, and a payload that does not fit must write nothing.
async function finishOf<S extends ServiceName>(
  engine: Engine<S>,
  { job, run, result }: Omit<Settle<S>, 'result'> & { result: Ended<S> },
): Promise<Finish> {
  const at = engine.context.clock.now();
  const outbox = await recordsOf(engine, { job, run, events: result.events, at });
  return {
    status: result.status,
    reason: result.reason ?? null,
    message: result.message ?? null,
    slice: sliceOf(result.slice),
    outbox,
    history: historyOf({ service: engine.service.name, job, result, at }),
    jobs: (result.timers ?? []).map((timer) => timerJob(engine.service, job, timer)),
    wish: result.halt === undefined ? null : { wish: 'halted', reason: result.halt },
    plan: result.plan === undefined ? null : { ...result.plan },
    target: result.target === undefined ? null : targetOf(job, result.target, at),
    notes: result.notes ?? [],
  };
}
