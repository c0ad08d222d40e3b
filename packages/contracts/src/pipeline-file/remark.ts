/** Keys and list positions from the root of the file to a place in it. */
export type KeyPath = readonly (string | number)[];

/** What is to be said about one place of the file, before it is known where that stands. */
export interface Remark {
  path: KeyPath;
  /** Whether the key is meant, or what is written behind it. */
  at: 'key' | 'value';
  message: string;
  suggestion: string | null;
}

/** A path as people write it, such as `deployment.services[0].port`; empty for the root. */
export function renderKeyPath(path: KeyPath): string {
  return path
    .map((segment) => (typeof segment === 'number' ? `[${segment}]` : `.${printable(segment, 60)}`))
    .join('')
    .replace(/^\./, '');
}

/** The last key of a path, ready to be shown; empty for the root. */
export function lastKey(path: KeyPath): string {
  return printable(path.findLast((segment) => typeof segment === 'string') ?? '', 60);
}

/** Foreign text for a terminal or a chat: control and direction characters are replaced, the rest is cut at `limit`. */
export function printable(text: string, limit: number): string {
  const clean = text.toWellFormed().replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\uFFFD');
  return clean.length <= limit ? clean : `${clean.slice(0, limit - 1)}…`;
}
