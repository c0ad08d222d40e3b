/**
 * Reads what bwrap wrote to its status descriptor: one JSON document a line.
 *
 * @returns `exitCode` null: the program inside was never started
 */
export function parseBubblewrapStatus(text: string): { exitCode: number | null } {
  const match = /"exit-code"\s*:\s*(\d+)/.exec(text);
  return { exitCode: match?.[1] === undefined ? null : Number(match[1]) };
}
