/** Path of a dead letter below /api/v1. */
export function letterPath(letter: string, rest = ''): string {
  return `/dead-letters/${encodeURIComponent(letter)}${rest}`;
}
