/**
 * Writes how long something took beside the time in which it should be over on a machine that has processor time to give.
 * No test fails by it: what a test fails by are its waits, three times as long and more.
 */
export function tellTime({ what, ms, limitMs }: { what: string; ms: number; limitMs: number }): void {
  process.stderr.write(`${what} after ${inSeconds(ms)} s (should be within ${inSeconds(limitMs)} s)\n`);
}

function inSeconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}
