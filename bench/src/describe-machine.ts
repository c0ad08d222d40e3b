import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';

/** Where and under what load figures came about. */
export interface Machine {
  cores: number;
  processor: string;
  memoryGiB: number;
  kernel: string;
  node: string;
  /** Load average of the last minute, when the benchmark began and when it ended. */
  loadBefore: number;
  loadAfter: number;
}

/** Looks at this machine now; call what it returns when the benchmark is over. */
export function watchMachine(): () => Machine {
  const loadBefore = round(loadavg()[0] ?? 0);
  return () => ({
    cores: availableParallelism(),
    processor: cpus()[0]?.model ?? 'unknown',
    memoryGiB: round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.versions.node,
    loadBefore,
    loadAfter: round(loadavg()[0] ?? 0),
  });
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
