import { latencyBoundsMs } from '../view.ts';

/** Counts of the requests that one release was given. */
export interface RequestMetrics {
  requests: number;
  errors: number;
  inFlight: number;
  latency: number[];
  networkBytes: number;
}

export function createRequestMetrics(): RequestMetrics {
  return { requests: 0, errors: 0, inFlight: 0, latency: latencyBoundsMs.map(() => 0).concat(0), networkBytes: 0 };
}

/** Counts the time until an answer began. */
export function countLatency({ latency }: RequestMetrics, ms: number): void {
  const bucket = latencyBoundsMs.findIndex((bound) => ms <= bound);
  const index = bucket === -1 ? latencyBoundsMs.length : bucket;
  latency[index] = (latency[index] ?? 0) + 1;
}
