/** Every error code and what it means. The reference page is generated from this table. */
export const errorCodes = {
  CONFIG_INVALID: 'The environment does not satisfy the schema; the message names every variable at fault.',
  SERVICE_UNKNOWN: 'No service by this name is in the topic table.',

  EVENT_NOT_FRAMED: 'A record has no Confluent framing: under 5 bytes or another magic byte.',
  EVENT_SCHEMA_UNKNOWN: 'The schema id of a record is not known to the registry.',
  EVENT_NOT_DECODABLE: 'The body of a record does not fit the schema that it names.',
  EVENT_NOT_VALID: 'A payload does not satisfy the schema of its topic, so it was not encoded.',
  EVENT_ENVELOPE_INVALID: 'A record lacks a CloudEvents header, or a header has the wrong form.',
  EVENT_WRONG_PUBLISHER: 'A record on a topic comes from a service that may not publish there.',
  SCHEMA_MISSING: 'The schema of a topic is not registered; the init job does that.',
  SCHEMA_INCOMPATIBLE: 'The registry refused a schema because older readers or writers could not live with it.',
  REGISTRY_UNAVAILABLE: 'The schema registry did not answer; waiting may help.',

  BUS_UNAVAILABLE: 'The event bus did not take or give records; waiting may help.',
  BUS_CRASHED: 'A consumer of the event bus ended and cannot be restarted in this process.',
  TOPIC_MISSING: 'A topic does not exist; the init job makes it.',

  STORE_UNAVAILABLE: 'The run store did not answer; waiting may help.',
  STORE_ARGUMENT_INVALID: 'A step of the run store was called with arguments that it refuses; nothing was written.',
  STORE_UNSAFE:
    'The run store is set up so that it can lose accepted work: no append-only file, or an evicting policy.',
  STORE_NOT_INITIALIZED: 'The run store has no identity marker: it was emptied, or this is another database.',
  STORE_OWNED: 'Another process owns this data folder.',
  RUN_UNKNOWN: 'No run by this id is in the store.',
  HOP_LIMIT: 'An event chain is longer than the plan of the run allows.',

  ARTIFACT_MISSING: 'No artifact by this digest is in the store.',
  ARTIFACT_CORRUPT: 'The bytes of an artifact do not have the digest under which they are kept.',
  ARTIFACT_TOO_LARGE: 'An artifact is larger than the setting allows.',
  PATH_OUTSIDE: 'A path leaves the workspace, or names something that is no regular file or folder.',

  COMMAND_NOT_FOUND: 'A program is not installed on this host.',
  COMMAND_FAILED: 'A program of ours ended with another exit code than its contract allows.',
  COMMAND_TIMED_OUT: 'A program was ended at its time limit.',
  SANDBOX_UNAVAILABLE: 'No sandbox can start on this host, and running without one is not configured.',

  GIT_URL_REFUSED: 'The clone URL is not of a kind or host that the configuration allows.',
  GIT_COMMIT_MISSING: 'The repository has no commit by this SHA.',
  GIT_FETCH_FAILED: 'git could not fetch the commit.',
  GIT_TOO_LARGE: 'A commit has more files or bytes than the settings allow.',
  FORGE_UNAVAILABLE: 'The forge did not answer; waiting may help.',
  FORGE_REFUSED: 'The forge refused a request; waiting does not help.',
  REPOSITORY_NOT_ALLOWED: 'The repository is not on the allow-list.',

  TARGET_UNREACHABLE: 'The target did not answer, and nothing was asked of it yet.',
  TARGET_DENIED:
    'A place for releases does not let this be done: it is not on the allow-list, the rights are missing, or something there belongs to somebody else.',
  TARGET_REFUSED: 'The target refused an effect because it carries an older epoch.',
  TARGET_INVALID: 'The stored document of a target does not have the form of this version.',
  RELEASE_NOT_READY: 'A release did not become ready in time.',
  INPUTS_REFUSED:
    'The manifests, the kustomization or the chart of a deployment cannot be used as they are; the message says what mends it.',
  HOOK_FAILED: 'A hook of a release ended badly, or not in time.',
  INFRASTRUCTURE_TOOL_FAILED: 'terraform or tofu ended with an error.',
  INFRASTRUCTURE_CUT: 'terraform or tofu was ended in the middle of its work, so what it has done is not known.',
  MODEL_UNAVAILABLE: 'The language model did not answer in time, or not with a success.',
  MODEL_REFUSED: 'The answer of the language model is none, or cannot be used; the message says why.',
  METRICS_UNAVAILABLE: 'The metrics server did not answer, or not with a result; waiting may help.',
  METRICS_REFUSED:
    'A question to the metrics server is wrong, or its address or answer is not accepted; waiting does not help.',
  CHAT_REFUSED: 'The chat system refused a message; waiting does not help.',
  FLAGS_UNAVAILABLE: 'What keeps the feature flags did not answer; waiting may help.',
  FLAGS_REFUSED: 'What keeps the feature flags refused a change, or knows of a newer one.',
  CHAT_UNAVAILABLE: 'The chat system did not answer; waiting may help.',
  SERVER_UNREACHABLE: 'The platform does not answer at the given address.',
  OVERLOADED: 'More is asked at once than the settings allow; waiting helps.',
  REQUEST_INVALID: 'A request does not have the form that the API describes.',
  NEIGHBOUR_UNAVAILABLE: 'A real server that tests need can be had in none of the three ways, or is not ours to kill.',
  NOT_FOUND: 'Nothing by this name or id is here.',
  NOT_AUTHORIZED: 'No token that is known came with the request.',
  NOT_PERMITTED: 'The role of the token does not allow this.',
} as const;

export type ErrorCode = keyof typeof errorCodes;

/** The one error class: `code` says what, `retriable` whether waiting may help, `cause` why. */
export class OrchestraError extends Error {
  override readonly name = 'OrchestraError';
  readonly code: ErrorCode;
  readonly retriable: boolean;

  constructor(code: ErrorCode, message: string, options: { retriable?: boolean; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.retriable = options.retriable ?? false;
  }
}

/** The code of a system error, such as `ENOENT`; null: it has none. */
export function systemCodeOf(error: unknown): string | null {
  // Not by `instanceof`: errors of the system are made in another realm than this code when tests run it.
  const hasCode = typeof error === 'object' && error !== null && 'code' in error;
  return hasCode && typeof error.code === 'string' ? error.code : null;
}

const fullCodes: readonly (string | null)[] = ['ENOSPC', 'EDQUOT', 'EFBIG'];

/** Whether a file found no room: on the disk, in the quota, or for this process. */
export function isDiskFull(error: unknown): boolean {
  return fullCodes.includes(systemCodeOf(error));
}
