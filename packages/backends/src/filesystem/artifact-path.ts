import { join } from 'node:path';

/** Where an artifact lies; null: the name is no digest, so nothing can be there. */
export function pathOf(folder: string, digest: string): string | null {
  const hex = /^sha256:([0-9a-f]{64})$/.exec(digest)?.[1];
  return hex === undefined ? null : join(folder, hex.slice(0, 2), hex);
}
