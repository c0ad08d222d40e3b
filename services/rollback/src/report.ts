import {
  toOutcome,
  type Check,
  type Outgoing,
  type RollbackEvent,
  type SlicePatch,
  type TerminalStatus,
} from '@orchestra/contracts';

/** What came of a request. */
export interface Account {
  environment: string;
  service: string;
  fromRelease: string;
  toRelease: string | null;
  epoch: number;
  status: TerminalStatus;
  reason: string;
  quarantined: boolean;
  compared: readonly Check[];
}

/** What was restored, or why nothing was. */
export function eventOf({ status, ...account }: Account): Outgoing<'rollback_event'> {
  const data: RollbackEvent = { outcome: toOutcome(status), ...account };
  return { topic: 'rollback_event', data };
}

/** What people see of it. */
export function sliceOf(account: Account): SlicePatch<'rollback'> {
  const { environment, service, fromRelease, toRelease, epoch, status, reason, compared } = account;
  const decision = toRelease === null ? 'refuse' : 'restore';
  return {
    [`${environment}/${service}`]: { decision, reason, fromRelease, toRelease, epoch, outcome: status, compared },
  };
}
