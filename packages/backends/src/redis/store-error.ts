import { OrchestraError } from '@orchestra/contracts';

// What a server says while it cannot work: starting, full, read-only, without its replicas, not ours.
const busy =
  /^(LOADING|OOM|MISCONF|READONLY|NOREPLICAS|BUSY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|NOAUTH|WRONGPASS|NOPERM)\b/;

/**
 * What a failed command means. An error of a script that none of its contracts names is a mistake of ours and comes back
 * as it is, so that nobody retries it.
 */
export function toStoreError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof OrchestraError) return error;
  const { message } = error;
  if (error.name !== 'ReplyError' || busy.test(message)) {
    return new OrchestraError('STORE_UNAVAILABLE', `Redis: ${message}`, { retriable: true, cause: error });
  }
  if (message.startsWith('NOT_INITIALIZED')) {
    return new OrchestraError('STORE_NOT_INITIALIZED', 'The run store has no identity marker', {
      retriable: true,
      cause: error,
    });
  }
  if (message.startsWith('ARGUMENT_INVALID') || message.includes('Invalid stream ID')) {
    return new OrchestraError('STORE_ARGUMENT_INVALID', message, { cause: error });
  }
  return error;
}
