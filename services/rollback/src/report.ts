import {
  toOutcome,
  type Check,
  type Outgoing,
  type RollbackEvent,
  type SlicePatch,
  type TerminalStatus,
} from '@orchestra/contracts';
import type { Ended } from '@orchestra/runtime';

/** What came of a request. */
export interface Account {
  environment: string;
  service: string;
  /** Null: nothing serves that could be taken back. */
  fromRelease: string | null;
  toRelease: string | null;
  epoch: number;
  status: TerminalStatus;
  reason: string;
  quarantined: boolean;
  compared: readonly Check[];
}

/** What was restored, or why nothing was. */
export function eventOf({ status, ...account }: Account): Outgoing<'rollback_event'> {
  // Whoever keeps the packet tells where it is.
  const packet = { packetDigest: null, packetTextDigest: null };
  const data: RollbackEvent = { outcome: toOutcome(status), ...account, ...packet };
  return { topic: 'rollback_event', data };
}

/** The end of an order where nothing serves that could be taken back. */
export function nothingServes(
  { environment, service }: Pick<Account, 'environment' | 'service'>,
  epoch: number,
): Ended<'rollback'> {
  const reason = 'nothing_serves';
  const nothing = { fromRelease: null, toRelease: null, quarantined: false, compared: [] };
  const account: Account = { environment, service, epoch, status: 'skipped', reason, ...nothing };
  const message = 'No rollback: nothing serves there';
  const said = { events: [eventOf(account)], slice: sliceOf(account) };
  return { kind: 'end', status: 'not_needed', reason, message, ...said };
}

/** What people see of it. */
export function sliceOf(account: Account): SlicePatch<'rollback'> {
  const { environment, service, fromRelease, toRelease, epoch, status, reason, compared } = account;
  const decision = toRelease === null ? 'refuse' : 'restore';
  return {
    [`${environment}/${service}`]: { decision, reason, fromRelease, toRelease, epoch, outcome: status, compared },
  };
}
