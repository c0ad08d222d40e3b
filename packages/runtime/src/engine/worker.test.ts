import { describe, expect, it } from '@jest/globals';
import type { Claim, Finish } from '../ports/run-store.ts';
import type { ClaimedJob } from '../ports/jobs.ts';
import { createMeter } from '../observe/meter.ts';
import { defineService } from '../service/definition.ts';
import { createSystemClock } from '../system-clock.ts';
import type { Engine } from './engine.ts';
import { createOutboxHead } from './outbox-head.ts';
import { defaultSettings } from './settings.ts';
import { startWorker, type Worker } from './worker.ts';

describe('startWorker', () => {
  it('offers as much room as it has, and claims nothing itself while all of it is offered', async () => {
    await using world = startWorld({ concurrency: 2 });
    await world.asked(1);

    const offers = [world.worker.offer(), world.worker.offer(), world.worker.offer()];
    world.worker.wake();
    await world.idle();

    expect(offers.map((offer) => offer !== null)).toEqual([true, true, false]);
    expect(world.claims()).toBe(1);
  });

  it('works at a job that was claimed elsewhere, and has its room again afterwards', async () => {
    await using world = startWorld({ concurrency: 1 });
    await world.asked(1);
    const offer = world.worker.offer();

    offer?.settle(aClaimed('one'));
    await world.finished(1);
    await world.idle();

    expect(world.worker.offer()).not.toBeNull();
  });

  it('claims as soon as room comes back that was offered in vain', async () => {
    await using world = startWorld({ concurrency: 1 });
    await world.asked(1);
    const offer = world.worker.offer();
    world.worker.wake();
    await world.idle();
    expect(world.claims()).toBe(1);

    offer?.settle(null);
    await world.asked(2);

    expect(world.claims()).toBe(2);
  });

  it('claims as soon as a job gives back the room that it lacked', async () => {
    await using world = startWorld({ concurrency: 1 });
    await world.asked(1);
    const offer = world.worker.offer();
    world.worker.wake();
    await world.idle();

    offer?.settle(aClaimed('one'));
    await world.asked(2);

    expect(world.claims()).toBe(2);
  });

  it('asks for nothing when a job ends that took room from nobody', async () => {
    await using world = startWorld({ concurrency: 8 });
    await world.asked(1);

    world.worker.offer()?.settle(aClaimed('one'));
    await world.finished(1);
    await world.idle();

    expect(world.claims()).toBe(1);
  });

  it('does not turn in place while a job waits for a handler that is full', async () => {
    await using world = startWorld({ concurrency: 8, handlerConcurrency: 1, stuck: true, queue: ['one', 'two'] });
    // One that finds a job, then two at once.
    await world.asked(3);
    await world.idle();
    await world.idle();

    expect(world.claims()).toBe(3);
  });

  it('offers nothing once it is being stopped', async () => {
    await using world = startWorld({ concurrency: 8 });

    await world.worker.stop();

    expect(world.worker.offer()).toBeNull();
  });
});

interface World extends AsyncDisposable {
  worker: Worker;
  /** Claims that the worker made by itself. */
  claims(): number;
  asked(times: number): Promise<void>;
  finished(times: number): Promise<void>;
  /** Lets everything run that is ready to. */
  idle(): Promise<void>;
}

interface Given {
  concurrency: number;
  handlerConcurrency?: number;
  /** The work ends only with its lease. */
  stuck?: boolean;
  /** Jobs that are due. */
  queue?: readonly string[];
}

function startWorld({ concurrency, handlerConcurrency = 8, stuck = false, queue = [] }: Given): World {
  const due = queue.map(aClaimed);
  const takes = (except: readonly string[]): boolean => due.length > 0 && !except.includes('sweep');
  let claims = 0;
  let finishes = 0;
  const log = { child: () => log, error: () => {}, warn: () => {} };
  const handle = async ({ signal }: { signal: AbortSignal }) => {
    if (stuck) await new Promise((resolve) => signal.addEventListener('abort', resolve));
    return { kind: 'end', status: null, events: [] } as const;
  };
  const engine = {
    service: defineService<'build'>({
      name: 'build',
      on: {
        code_push: { kind: 'reaction', concerns: () => false, concurrency: 8, handle: async () => ({ kind: 'again' }) },
        operator_command: { kind: 'reaction', concurrency: 8, handle: async () => ({ kind: 'again' }) },
      },
      tasks: { sweep: { concurrency: handlerConcurrency, handle: async (_payload, context) => handle(context) } },
    }),
    owner: 'test',
    settings: { ...defaultSettings, concurrency, pollMs: 60_000, drainMs: 1 },
    meter: createMeter(),
    head: createOutboxHead(),
    context: { clock: createSystemClock(), log },
    store: {
      claim: async ({ except }: Claim) => {
        claims += 1;
        return takes(except) ? (due.shift() ?? null) : null;
      },
      async nextDueMs(_service: string, except: readonly string[]) {
        await new Promise(setImmediate);
        return takes(except) ? 0 : null;
      },
      finish: async (_job: ClaimedJob, _finish: Finish) => {
        finishes += 1;
        return 'finished';
      },
    },
  };
  const worker = startWorker(engine as unknown as Engine<'build'>);
  return {
    worker,
    claims: () => claims,
    asked: async (times) => {
      await until(() => claims >= times);
      await idle();
    },
    finished: (times) => until(() => finishes >= times),
    idle,
    [Symbol.asyncDispose]: () => worker.stop(),
  };
}

async function idle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

async function until(reached: () => boolean): Promise<void> {
  while (!reached()) await idle();
}

function aClaimed(jobId: string): ClaimedJob {
  return {
    jobId,
    service: 'build',
    token: 1,
    runId: null,
    generation: 1,
    unit: null,
    handler: 'sweep',
    payload: '{}',
    cause: 'test',
    causes: [],
    hops: 0,
    attempt: 1,
    maxAttempts: 1,
    maxMs: 60_000,
    stalls: 0,
    parks: 0,
    bound: false,
    traceparent: null,
    gate: null,
    wishes: [],
    memo: null,
    createdAt: '2026-01-01T00:00:00.000Z',
  };
}
