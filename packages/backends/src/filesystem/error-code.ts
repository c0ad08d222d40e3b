/** The code of a system error, such as `ENOENT`; null: it has none. */
export function errorCodeOf(error: unknown): string | null {
  // Not by `instanceof`: errors of the system are made in another realm than this code when tests run it.
  const hasCode = typeof error === 'object' && error !== null && 'code' in error;
  return hasCode && typeof error.code === 'string' ? error.code : null;
}
