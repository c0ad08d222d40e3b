import { readFileSync } from 'node:fs';
import { parseBubblewrapStatus } from './parse-bubblewrap-status.ts';

/**
 * Sends SIGTERM to the program in a sandbox. bwrap itself passes no signal on: it would end, and everything with it.
 *
 * @param status what bwrap has written to its status descriptor so far; without a process in it, nothing is asked
 * @see proc(5), /proc/pid/task/tid/children
 */
export function askSandbox(status: string): void {
  const { childPid } = parseBubblewrapStatus(status);
  if (childPid === null) return;
  try {
    // The first child of the sandbox's process 1 is the program; what it started and left comes behind.
    const [program] = readFileSync(`/proc/${childPid}/task/${childPid}/children`, 'utf8').split(' ');
    if (program) process.kill(Number(program), 'SIGTERM');
  } catch {
    // It ended by itself.
  }
}
