import {
  readInfrastructureUnit,
  toOutcome,
  type IacReady,
  type InfrastructureSlice,
  type TerminalStatus,
} from '@orchestra/contracts';
import type { Decided, Ended, JobContext } from '@orchestra/runtime';

export interface Report {
  status: TerminalStatus;
  reason: string;
  message?: string;
  slice?: InfrastructureSlice;
  outputsDigest?: string;
  decided?: readonly Decided[];
  /** Where the tool ran, in this attempt or an earlier one: what the run has to say about it. */
  notes?: readonly string[];
}

/** The environment of the job's unit. */
export function environmentOf({ job }: JobContext<'iac'>): string {
  const environment = readInfrastructureUnit(job.unit ?? '');
  if (environment === null) throw new TypeError(`${job.unit ?? 'A job without a unit'} is no unit of iac`);
  return environment;
}

const nothingPlanned = { tool: null, planDigest: null, toAdd: 0, toChange: 0, toDestroy: 0 };

/** The end of one environment's unit, with its event. */
export function report(context: JobContext<'iac'>, ended: Report): Ended<'iac'> {
  const environment = environmentOf(context);
  const { status, reason, message = null, slice, outputsDigest = null, decided = [], notes = [] } = ended;
  const { tool, planDigest, toAdd, toChange, toDestroy } = slice ?? nothingPlanned;
  const data: IacReady = {
    outcome: toOutcome(status),
    reason,
    environment,
    tool,
    planDigest,
    toAdd,
    toChange,
    toDestroy,
    outputsDigest,
    causes: context.job.causes,
  };
  return {
    kind: 'end',
    status,
    reason,
    message,
    events: [{ topic: 'iac_ready', data }],
    ...(slice === undefined ? {} : { slice: { [environment]: slice } }),
    decided: [
      ...decided,
      { what: 'infrastructure ended', reason, facts: { status, message, planDigest, toAdd, toChange, toDestroy } },
    ],
    notes,
  };
}
