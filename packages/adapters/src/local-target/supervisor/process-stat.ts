import { readdirSync, readFileSync } from 'node:fs';

/** What the kernel tells about one process. Times in clock ticks, of which Linux has 100 a second. */
export interface ProcessStat {
  pid: number;
  group: number;
  session: number;
  cpuTicks: number;
  startTicks: number;
  memoryBytes: number;
}

export const ticksPerSecond = 100;
const pageBytes = 4096;

/**
 * Reads one process, or null when it is gone. A dead process that its parent has not yet noticed counts as gone.
 *
 * @see proc_pid_stat(5)
 */
export function readProcess(pid: number): ProcessStat | null {
  try {
    return parseStat(pid, readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return null;
  }
}

/** All processes of the host that may be seen. */
export function listProcesses(): ProcessStat[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => readProcess(Number(pid)) ?? []);
}

/** Bytes that a process caused to be written to disk, or null: the kernel does not say. */
export function readWrittenBytes(pid: number): number | null {
  try {
    const line = /^write_bytes: (\d+)$/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8'));
    return line?.[1] === undefined ? null : Number(line[1]);
  } catch {
    return null;
  }
}

// The name in parentheses may hold anything, also spaces and parentheses: fields are counted behind the last one.
function parseStat(pid: number, text: string): ProcessStat | null {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return null;
  const at = (field: number): number => Number(fields[field - 3]);
  return {
    pid,
    group: at(5),
    session: at(6),
    cpuTicks: at(14) + at(15),
    startTicks: at(22),
    memoryBytes: at(24) * pageBytes,
  };
}
