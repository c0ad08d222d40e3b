import { OrchestraError } from '@orchestra/contracts';
import type { RunStore } from '@orchestra/runtime';
import { decodeCount, decodeList } from './decode-reply.ts';
import { decodeOutboxRecord } from './decode-records.ts';
import { decodeRun } from './decode-run.ts';
import { encodeSlice } from './encode-arguments.ts';
import type { ScriptCaller } from './script-caller.ts';

export type RelaySteps = Pick<
  RunStore,
  'takeRelay' | 'readOutbox' | 'acknowledge' | 'claimDirty' | 'settleDirty' | 'settleAndClaimDirty' | 'writeRendered'
>;

/** What leaves the store: the outbox to the bus, and runs to those who render them. */
export function createRelaySteps({ call, callForBytes }: ScriptCaller): RelaySteps {
  return {
    async takeRelay(service, owner, ms) {
      return decodeCount(await call('takeRelay', { service, owner, ms })) === 1;
    },
    async readOutbox(service, limit) {
      return decodeList(await callForBytes('readOutbox', { service, limit })).map(decodeOutboxRecord);
    },
    async acknowledge(service, positions) {
      refuseStrangers(positions);
      await call('acknowledge', { service, positions });
    },
    async claimDirty(service, leaseMs) {
      const reply = await call('claimDirty', { service, leaseMs });
      return reply === null ? null : decodeRun(reply);
    },
    async settleDirty(service, runId, v) {
      await call('settleDirty', { service, runId, v });
    },
    async settleAndClaimDirty(service, settled, leaseMs) {
      const { runId, v } = settled;
      const reply = await call('settleAndClaimDirty', { service, runId, v, leaseMs });
      return reply === null ? null : decodeRun(reply);
    },
    async writeRendered(service, runId, slice) {
      await call('writeRendered', { service, runId, slice: encodeSlice(slice) });
    },
  };
}

// A stream that is empty answers to any name.
function refuseStrangers(positions: readonly string[]): void {
  const strange = positions.find((position) => !/^\d+-\d+$/.test(position));
  if (strange === undefined) return;
  throw new OrchestraError('STORE_ARGUMENT_INVALID', `positions: ${strange} was never given by readOutbox`);
}
