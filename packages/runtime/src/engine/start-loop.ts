import type { Clock } from '../ports/clock.ts';
import type { Log } from '../service/context.ts';
import { createBell } from './bell.ts';
import type { Loop } from './engine.ts';

export interface LoopOptions {
  name: string;
  clock: Clock;
  log: Log;
  /** One step. Returns how long to sleep before the next one unless woken; 0: go on at once. */
  step(signal: AbortSignal): Promise<number>;
  /** How long to rest after a step that failed. */
  restMs: number;
}

/** Repeats a step until stopped. A step that fails is said and tried again: no loop of the runtime ends by itself. */
export function startLoop({ name, clock, log, step, restMs }: LoopOptions): Loop {
  const stopping = new AbortController();
  const bell = createBell(clock);
  const running = repeat();
  return {
    wake: bell.ring,
    async stop() {
      stopping.abort();
      bell.ring();
      await running;
    },
  };

  async function repeat(): Promise<void> {
    while (!stopping.signal.aborted) {
      const sleepMs = await attempt();
      if (sleepMs > 0) await bell.wait(sleepMs);
    }
  }

  async function attempt(): Promise<number> {
    try {
      return await step(stopping.signal);
    } catch (error) {
      if (!stopping.signal.aborted) log.warn({ loop: name, err: error }, 'a step failed, will go on');
      return restMs;
    }
  }
}
