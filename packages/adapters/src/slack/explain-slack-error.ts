import { OrchestraError } from '@orchestra/runtime';

/** Calls Slack and turns its errors into ours: an answer of its own is a refusal, everything else may pass. */
export async function guarded<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    if (codeOf(cause) === 'slack_webapi_platform_error' && !passing.test(messageOf(cause))) {
      throw new OrchestraError('CHAT_REFUSED', `Slack refused the message: ${messageOf(cause)}`, { cause });
    }
    throw new OrchestraError('CHAT_UNAVAILABLE', 'Slack did not take the message', { retriable: true, cause });
  }
}

const passing = /ratelimited|internal_error|fatal_error|service_unavailable|request_timeout/;

function codeOf(cause: unknown): unknown {
  return cause instanceof Error && 'code' in cause ? cause.code : null;
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
