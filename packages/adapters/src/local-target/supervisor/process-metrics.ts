import { listProcesses, readWrittenBytes, ticksPerSecond, type ProcessStat } from './process-stat.ts';

export interface Consumption {
  cpuSeconds: number | null;
  memoryBytes: number | null;
  diskWrittenBytes: number | null;
}

/** What some process groups use together; one look at /proc serves all of them. */
export function measureGroups(groups: readonly (readonly number[])[]): Consumption[] {
  const all = listProcesses();
  return groups.map((group) =>
    measure(all.filter(({ group: id, session }) => group.includes(id) || group.includes(session))),
  );
}

function measure(processes: readonly ProcessStat[]): Consumption {
  if (processes.length === 0) return { cpuSeconds: null, memoryBytes: null, diskWrittenBytes: null };
  const written = processes.map(({ pid }) => readWrittenBytes(pid)).filter((bytes) => bytes !== null);
  return {
    cpuSeconds: sum(processes.map(({ cpuTicks }) => cpuTicks)) / ticksPerSecond,
    memoryBytes: sum(processes.map(({ memoryBytes }) => memoryBytes)),
    diskWrittenBytes: written.length === 0 ? null : sum(written),
  };
}

function sum(numbers: readonly number[]): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}
