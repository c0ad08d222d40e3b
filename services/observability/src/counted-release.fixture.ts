import type { Counters, Measurements } from './ports.ts';

/** What the router counted of a release. */
export function aCount(change: Partial<Counters> = {}): Counters {
  return {
    requests: 0,
    errors: 0,
    latency: { boundsMs: [100], counts: [change.requests ?? 0, 0] },
    networkBytes: 0,
    cpuSeconds: null,
    memoryBytes: null,
    diskWrittenBytes: null,
    wanted: 1,
    ready: 1,
    app: null,
    ...change,
  };
}

/** A router that counts for r1 and r2: so many requests and errors of r2 a second. */
export function countingRouter(
  clock: { now: () => Date },
  perSecond: (seconds: number) => [number, number],
): Measurements {
  const startedAt = clock.now().getTime();
  let [requests, errors, last] = [0, 0, 0];
  return {
    async measure() {
      const at = clock.now();
      const seconds = (at.getTime() - startedAt) / 1000;
      const [more, failed] = perSecond(seconds);
      requests += more * (seconds - last);
      errors += failed * (seconds - last);
      last = seconds;
      return { at, countedSince: 'a', releases: { r1: aCount(), r2: aCount({ requests, errors }) } };
    },
  };
}
