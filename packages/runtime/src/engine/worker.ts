import type { ServiceName } from '@orchestra/contracts';
import type { ClaimedJob } from '../ports/jobs.ts';
import type { JobLimits } from '../service/definition.ts';
import type { Engine, Loop } from './engine.ts';
import { runAttempt } from './attempt.ts';
import { jobOrigin } from './job-origin.ts';
import { startLoop } from './start-loop.ts';

const defaultConcurrency = 4;

/** Claims due jobs and works at several of them at once. `stop` gives running work the drain time, then hands it back. */
export function startWorker<S extends ServiceName>(engine: Engine<S>): Loop {
  const { service, store, context, settings, owner } = engine;
  const { clock, log } = context;
  const active = new Map<string, Promise<void>>();
  const byHandler = new Map<string, number>();
  const handBack = new AbortController();
  const loop = startLoop({ name: 'worker', clock, log, restMs: settings.restMs, step });
  return { wake: loop.wake, stop };

  async function step(): Promise<number> {
    if (active.size >= settings.concurrency) return settings.pollMs;
    const { leaseMs, maxStalls } = settings;
    const job = await store.claim({ service: service.name, owner, leaseMs, except: handlersAtLimit(), maxStalls });
    if (job === null) return Math.min(settings.pollMs, (await store.nextDueMs(service.name)) ?? settings.pollMs);

    begin(job);
    return 0;
  }

  function begin(job: ClaimedJob): void {
    count(job.handler, 1);
    const work = runAttempt(engine, job, handBack.signal)
      .catch((error: unknown) => log.error({ err: error, ...jobOrigin(job) }, 'attempt ended without a finish'))
      .finally(() => {
        active.delete(job.jobId);
        count(job.handler, -1);
        loop.wake();
      });
    active.set(job.jobId, work);
  }

  function count(handler: string, change: number): void {
    byHandler.set(handler, (byHandler.get(handler) ?? 0) + change);
  }

  function handlersAtLimit(): string[] {
    return [...byHandler]
      .filter(([handler, running]) => running >= concurrencyOf(engine, handler))
      .map(([name]) => name);
  }

  async function stop(): Promise<void> {
    await loop.stop();
    const over = new AbortController();
    const grace = clock.wait(settings.drainMs, over.signal).then(
      () => handBack.abort(),
      () => {},
    );
    await Promise.all(active.values());
    over.abort();
    await grace;
  }
}

function concurrencyOf<S extends ServiceName>({ service }: Engine<S>, handler: string): number {
  if (handler === 'gate') return service.gate?.concurrency ?? defaultConcurrency;
  const task = service.tasks?.[handler];
  if (task !== undefined) return task.concurrency ?? defaultConcurrency;
  const handlers: Partial<Record<string, object>> = service.on;
  const limits: JobLimits = { ...handlers[handler] };
  return limits.concurrency ?? defaultConcurrency;
}
