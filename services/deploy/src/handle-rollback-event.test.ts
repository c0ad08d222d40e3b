import { describe, expect, it } from '@jest/globals';
import type { RollbackEvent } from '@orchestra/contracts';
import { aContext } from '@orchestra/testkit';
import { handleRollbackEvent } from './handle-rollback-event.ts';

const refusal: RollbackEvent = {
  outcome: 'SKIPPED',
  reason: 'nothing_healthy_before',
  environment: 'production',
  service: 'web',
  fromRelease: 'r1',
  toRelease: null,
  epoch: 3,
  quarantined: false,
  compared: [],
  packetDigest: null,
  packetTextDigest: null,
};

/** Hears of a refusal that an event of this topic has led to, and says under which keys it became an answer. */
async function hear(what: string): Promise<string[]> {
  const keys: string[] = [];
  const entry = { id: 'cause', at: '2026-01-01T00:00:00.000Z', kind: 'event', what } as const;
  const rest = { service: 'chatops', unit: null, generation: 1, reason: null, causes: [], detail: null } as const;
  const context = aContext('deploy', {
    store: {
      readTarget: async () => null,
      readHistory: async () => [{ ...entry, ...rest }],
      answer: async (_runId, key) => {
        keys.push(key);
        return 'stored';
      },
    },
  });
  const names = { topic: 'rollback_event', id: 'event', runId: context.run.runId, source: 'rollback' } as const;
  const from = { subject: 'rollback/production/web', generation: 1, hops: 1, causeId: 'cause', time: context.now };
  await handleRollbackEvent({ ...names, ...from, data: refusal }, context);
  return keys;
}

describe('a refused rollback', () => {
  it('is the answer that a rollout waits for when an alert asked', async () => {
    const keys = await hear('observability_alert');

    expect(keys).toEqual(['failing/deploy/production/web/r1', 'watch/deploy/production/web/r1']);
  });

  it('is no answer to a rollout when a person asked in vain', async () => {
    const keys = await hear('operator_command');

    expect(keys).toEqual([]);
  });
});
