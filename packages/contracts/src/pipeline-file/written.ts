import type { KeyPath } from './remark.ts';

/** Answers whether the file itself has a key, so that a default can tell itself from a wish. */
export type IsWritten = (...path: KeyPath) => boolean;

export function createIsWritten(value: unknown): IsWritten {
  return (...path) => valueAt(value, path) !== undefined;
}

/** What stands at a path of a parsed value; undefined where nothing does. */
export function valueAt(value: unknown, path: KeyPath): unknown {
  let current = value;
  for (const segment of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, segment)) return undefined;
    current = Reflect.get(current, segment);
  }
  return current;
}
