import type { ServiceName } from '@orchestra/contracts';
import type { Schedule } from '../service/definition.ts';
import { unaskedJob } from '../service/unasked-job.ts';
import type { Engine, Loop } from './engine.ts';
import { startLoop } from './start-loop.ts';

/** Enqueues a task once a period. The job's id names the period, so replicas agree on one job. */
export function startSchedule<S extends ServiceName>(engine: Engine<S>, { task, everyMs }: Schedule): Loop {
  const { service, store, context } = engine;
  const { clock, log } = context;
  return startLoop({ name: `schedule ${task}`, clock, log, restMs: everyMs, step });

  async function step(): Promise<number> {
    const now = clock.now().getTime();
    const period = Math.floor(now / everyMs);
    await store.enqueue(
      unaskedJob({
        service: service.name,
        handler: task,
        cause: `schedule:${task}:${period}`,
        maxAttempts: 1,
        maxMs: everyMs,
      }),
    );
    return (period + 1) * everyMs - now;
  }
}
