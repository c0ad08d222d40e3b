/**
 * Reads what bwrap wrote to its status descriptor: one JSON document a line.
 *
 * @returns `exitCode` null: the program inside was never started
 */
export function parseBubblewrapStatus(text: string): BubblewrapStatus {
  return { exitCode: numberOf('exit-code', text), childPid: numberOf('child-pid', text) };
}

/** What is known of a sandbox; null: not yet. */
export interface BubblewrapStatus {
  exitCode: number | null;
  /** The first process of the sandbox, as the host numbers it. */
  childPid: number | null;
}

function numberOf(name: string, text: string): number | null {
  const match = new RegExp(String.raw`"${name}"\s*:\s*(\d+)`).exec(text);
  return match?.[1] === undefined ? null : Number(match[1]);
}
