import { OrchestraError } from '@orchestra/runtime';

/** Wraps whatever the client threw as `BUS_UNAVAILABLE`, retriable. Errors of our own pass as they are. */
export function busUnavailable(message: string, cause: unknown): OrchestraError {
  if (cause instanceof OrchestraError) return cause;
  return new OrchestraError('BUS_UNAVAILABLE', message, { retriable: true, cause });
}
