import { OrchestraError } from '@orchestra/contracts';

/** How a command ends, for scripts. */
export const exitCodes = {
  success: 0,
  failure: 1,
  cancelled: 2,
  invalidPipelineFile: 3,
  notAuthorized: 4,
  serverUnreachable: 5,
  /** EX_CONFIG of sysexits.h, as the services end: starting again does not help. */
  invalidConfiguration: 78,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** How a command ends that could not do its work. */
export function exitCodeOf(error: unknown): ExitCode {
  if (!(error instanceof OrchestraError)) return exitCodes.failure;
  if (error.code === 'NOT_AUTHORIZED') return exitCodes.notAuthorized;
  if (error.code === 'CONFIG_INVALID') return exitCodes.invalidConfiguration;
  return error.code === 'SERVER_UNREACHABLE' ? exitCodes.serverUnreachable : exitCodes.failure;
}
