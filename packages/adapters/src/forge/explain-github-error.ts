import { OrchestraError } from '@orchestra/runtime';

/** What a failed call means: `FORGE_REFUSED` where asking again cannot help, else `FORGE_UNAVAILABLE` (retriable). */
export function explainGithubError(cause: unknown, what: string): OrchestraError {
  const status = cause instanceof Error && 'status' in cause ? cause.status : null;
  const refused = typeof status === 'number' && status >= 400 && status < 500 && status !== 408 && status !== 429;
  if (refused && !isRateLimit(cause)) {
    return new OrchestraError('FORGE_REFUSED', `The forge refused ${what} (${status})`, { cause });
  }
  return new OrchestraError('FORGE_UNAVAILABLE', `The forge did not take ${what}`, { retriable: true, cause });
}

// GitHub also says 403 when too much was asked.
function isRateLimit(cause: unknown): boolean {
  return cause instanceof Error && /rate limit/i.test(cause.message);
}
