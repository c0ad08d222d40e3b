import { toOutcome, type IacReady, type InfrastructureSlice, type TerminalStatus } from '@orchestra/contracts';
import type { Decided, Ended, JobContext } from '@orchestra/runtime';
import { askerOf, changeEnvironment, environmentOf } from './environment.ts';
import { leaveLock } from './lock.ts';

export interface Report {
  status: TerminalStatus;
  reason: string;
  message?: string | null;
  slice?: InfrastructureSlice;
  /** What people see of a unit without a plan, for which something was proposed; the event says nothing of it. */
  proposed?: InfrastructureSlice | undefined;
  outputsDigest?: string | null;
  decided?: readonly Decided[];
  /** Where the tool ran, in this attempt or an earlier one: what the run has to say about it. */
  notes?: readonly string[];
  causes?: readonly string[];
}

const nothingPlanned = { tool: null, planDigest: null, toAdd: 0, toChange: 0, toDestroy: 0 };

/**
 * The end of one environment's unit, with its event. The lock is left before: if it were left in the same step, that step
 * could be refused, and the job would begin again after its effect.
 */
export async function report(context: JobContext<'iac'>, ended: Report): Promise<Ended<'iac'>> {
  await changeEnvironment(context, (state) => {
    const left = leaveLock(state, askerOf(context));
    return isUnchanged(state, left.next) ? null : left;
  });
  return endOf(context, ended);
}

function isUnchanged(
  before: { holder: object | null; waiter: object | null },
  after: { holder: object | null; waiter: object | null },
): boolean {
  return before.holder === after.holder && before.waiter === after.waiter;
}

function endOf(context: JobContext<'iac'>, ended: Report): Ended<'iac'> {
  const environment = environmentOf(context);
  const { status, reason, message = null, slice, outputsDigest = null, decided = [], notes = [], causes = [] } = ended;
  const shown = slice ?? ended.proposed;
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
    causes: [...new Set([...context.job.causes, ...causes])],
  };
  return {
    kind: 'end',
    status,
    reason,
    message,
    events: [{ topic: 'iac_ready', data }],
    ...(shown === undefined ? {} : { slice: { [environment]: { ...shown, question: null } } }),
    decided: [
      ...decided,
      { what: 'infrastructure ended', reason, facts: { status, message, planDigest, toAdd, toChange, toDestroy } },
    ],
    notes,
  };
}
