import type { Outcome } from '../events.generated.ts';

/** The terminal statuses of a unit, protocol section 2. */
export const outcomes = [
  'success',
  'not_needed',
  'failure',
  'error',
  'skipped',
  'cancelled',
  'timed_out',
  'unknown',
] as const;
export type TerminalStatus = (typeof outcomes)[number];

/** Where a unit stands inside a generation. */
export type OpenStatus = 'queued' | 'running' | 'waiting';
export type Status = OpenStatus | TerminalStatus;

/** Whether a status is written once and for all in its generation. */
export function isTerminal(status: Status): status is TerminalStatus {
  return outcomes.some((outcome) => outcome === status);
}

/** Whether a gate may open behind this status. Nothing but these two ever counts as a pass. */
export function opensGate(status: Status): boolean {
  return status === 'success' || status === 'not_needed';
}

const inAvro: Record<TerminalStatus, Outcome> = {
  success: 'SUCCESS',
  not_needed: 'NOT_NEEDED',
  failure: 'FAILURE',
  error: 'ERROR',
  skipped: 'SKIPPED',
  cancelled: 'CANCELLED',
  timed_out: 'TIMED_OUT',
  unknown: 'UNKNOWN',
};

/** The Avro symbol of a terminal status. */
export function toOutcome(status: TerminalStatus): Outcome {
  return inAvro[status];
}

/** The terminal status of an Avro symbol. A symbol that this reader does not know is `error`: never a pass. */
export function fromOutcome(outcome: Outcome): TerminalStatus {
  return outcomes.find((status) => inAvro[status] === outcome) ?? 'error';
}
