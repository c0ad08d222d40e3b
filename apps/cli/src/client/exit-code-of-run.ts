import { exitCodes, type ExitCode } from '../exit-codes.ts';
import type { ShownRun } from './api-client.ts';

/** How a command ends that waited for a run: as the run did. Only a success is one. */
export function exitCodeOfRun({ run, overall }: ShownRun): ExitCode {
  if (overall.status === 'success') return exitCodes.success;
  if (overall.status === 'cancelled' || overall.status === 'superseded') return exitCodes.cancelled;
  const invalid = (run.slices.gitops.source?.problems ?? []).length > 0;
  return invalid ? exitCodes.invalidPipelineFile : exitCodes.failure;
}
