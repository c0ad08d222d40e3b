import { describe, expect, it } from '@jest/globals';
import { hasRestarted, percentileOf, valuesOf } from './values.ts';
import type { Counters } from '../ports.ts';

const from: Counters = {
  requests: 100,
  errors: 2,
  latency: { boundsMs: [100], counts: [100, 0] },
  networkBytes: 1_000,
  cpuSeconds: 10,
  memoryBytes: 600,
  diskWrittenBytes: 50,
  wanted: 2,
  ready: 2,
  app: null,
};

describe('valuesOf', () => {
  it('says what a release did between two looks, by request and by process', () => {
    const app = { requests: 10, errors: 1, latency: null };
    const to = { ...from, requests: 200, errors: 12, networkBytes: 5_000, cpuSeconds: 12, diskWrittenBytes: 80, app };

    const values = valuesOf({ from: { ...from, app: { ...app, requests: 0, errors: 0 } }, to, seconds: 2 }, 95);

    expect(values).toEqual({
      error_ratio: 0.1,
      latency_ms: null,
      app_error_ratio: 0.1,
      app_latency_ms: null,
      cpu_ratio: 0.5,
      memory_bytes: 300,
      disk_bytes: 30,
      network_bytes_per_second: 1_000,
      unready_processes: 0,
    });
  });

  it('has no value for what nobody can tell, and counts processes that are missing', () => {
    const to = { ...from, ready: 0, cpuSeconds: null, memoryBytes: null };

    const values = valuesOf({ from, to, seconds: 2 }, 95);

    expect(values).toMatchObject({ error_ratio: null, cpu_ratio: null, memory_bytes: null, unready_processes: 2 });
  });

  it('sees that counters began anew', () => {
    expect(hasRestarted({ from, to: { ...from, requests: 3 }, seconds: 1 })).toBe(true);
    expect(hasRestarted({ from, to: { ...from, requests: 300 }, seconds: 1 })).toBe(false);
  });
});

describe('percentileOf', () => {
  it.each([
    { percentile: 50, ms: 100 },
    { percentile: 70, ms: 300 },
    { percentile: 90, ms: 500 },
    { percentile: 99, ms: 500 },
  ])('finds the time within which $percentile % were answered', ({ percentile, ms }) => {
    expect(percentileOf({ boundsMs: [100, 500], counts: [50, 40, 10] }, percentile)).toBeCloseTo(ms);
  });

  it('has no value without requests', () => {
    expect(percentileOf({ boundsMs: [100], counts: [0, 0] }, 95)).toBeNull();
  });
});
