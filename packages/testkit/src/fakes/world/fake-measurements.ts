import { countRequests, readyOf, type FakeRelease } from './fake-target.ts';
import type { TargetsWorld } from './fake-targets.ts';
import type { Reach } from './reach.ts';

/** Growing counts of requests by time to answer. */
interface Histogram {
  boundsMs: readonly number[];
  counts: readonly number[];
}

/** What one release did so far, in the shape of the port of observability. */
interface Counters {
  requests: number;
  errors: number;
  latency: Histogram;
  networkBytes: number;
  cpuSeconds: number | null;
  memoryBytes: number | null;
  diskWrittenBytes: number | null;
  wanted: number;
  ready: number;
  app: null;
}

interface Measurement {
  at: Date;
  countedSince: string;
  releases: Readonly<Record<string, Counters>>;
}

/** Where releases of a fake cluster are measured. */
export interface FakeMeasurements {
  measure(target: string, metricsPath: string | null, signal: AbortSignal): Promise<Measurement | null>;
}

/** The measurements of a fake cluster as one process sees them. Trouble on the way means that there is no data. */
export function connectMeasurements(world: TargetsWorld, reach: Reach): FakeMeasurements {
  return {
    async measure(target, _metricsPath, signal) {
      try {
        return await reach.call('metrics.measure', () => measureAll(world, target), signal);
      } catch {
        signal.throwIfAborted();
        return null;
      }
    },
  };
}

function measureAll({ find, clock }: TargetsWorld, key: string): Measurement | null {
  const target = find(key);
  if (target === null) return null;
  const nowMs = clock.monotonicMs();
  countRequests(target, nowMs);
  const counted = [...target.releases.values()].map((one) => [one.release, countersOf(one, nowMs)] as const);
  return { at: clock.now(), countedSince: 'the beginning', releases: Object.fromEntries(counted) };
}

function countersOf(one: FakeRelease, nowMs: number): Counters {
  const requests = Math.floor(one.requests);
  const latency = { boundsMs: [100], counts: [requests, 0] };
  const unknown = { cpuSeconds: null, memoryBytes: null, diskWrittenBytes: null, app: null };
  const { wanted } = one;
  const errors = Math.floor(one.errors);
  return { ...unknown, requests, errors, latency, networkBytes: requests, wanted, ready: readyOf(one, nowMs) };
}
