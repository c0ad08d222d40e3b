import type { ServiceName } from '@orchestra/contracts';
import type { JobLimits, Service } from '../service/definition.ts';

/** How many jobs one process works at, in all and of each handler. */
export interface Slots {
  take(handler: string): void;
  giveBack(handler: string): void;
  /** Keeps room for jobs that are being claimed, whichever handlers they will be for; negative: no longer. */
  reserve(count: number): void;
  /** The handlers that may get no more jobs now. */
  full(): string[];
  /** How many jobs may be claimed at once, whichever handlers they turn out to be for; 0: none. */
  room(): number;
}

const defaultConcurrency = 4;

/** Counts the running jobs of a service against the limits of its card. */
export function createSlots<S extends ServiceName>(service: Service<S>, concurrency: number): Slots {
  const limits = limitsOf(service);
  const running = new Map<string, number>();
  let reserved = 0;
  const spareOf = (handler: string): number =>
    (limits.get(handler) ?? defaultConcurrency) - (running.get(handler) ?? 0);
  return {
    take: (handler) => void running.set(handler, (running.get(handler) ?? 0) + 1),
    giveBack: (handler) => void running.set(handler, (running.get(handler) ?? 0) - 1),
    reserve(count) {
      reserved += count;
    },
    full: () => [...running.keys()].filter((handler) => spareOf(handler) <= 0),
    room() {
      const active = [...running.values()].reduce((sum, count) => sum + count, 0);
      const spares = [...limits.keys()].map(spareOf).filter((spare) => spare > 0);
      return Math.max(0, Math.min(concurrency - active, ...spares) - reserved);
    },
  };
}

function limitsOf<S extends ServiceName>({ on, tasks, gate }: Service<S>): ReadonlyMap<string, number> {
  const topics: Readonly<Record<string, object>> = on;
  const cards = Object.entries<JobLimits>({ ...topics, ...tasks, ...(gate === undefined ? {} : { gate }) });
  return new Map(cards.map(([handler, { concurrency = defaultConcurrency }]) => [handler, concurrency]));
}
