import { describe, expect, it } from '@jest/globals';
import { OrchestraError } from '@orchestra/contracts';
import type { OutgoingRecord } from '../ports/event-bus.ts';
import { createSystemClock } from '../system-clock.ts';
import type { Engine } from './engine.ts';
import { startRelay } from './relay.ts';
import { defaultSettings } from './settings.ts';

const record: OutgoingRecord = {
  topic: 'build_ready',
  key: 'r1',
  value: Buffer.from('x'),
  headers: { ce_id: 'e1', ce_correlationid: 'r1' },
};

describe('startRelay', () => {
  it('says whose event the bus did not take, and publishes it later', async () => {
    const lines: object[] = [];
    const published = Promise.withResolvers<readonly OutgoingRecord[]>();
    let outbox = [{ position: '1', record }];
    let refusals = 1;
    const world = {
      service: { name: 'build' },
      owner: 'test',
      settings: { ...defaultSettings, restMs: 1, pollMs: 1 },
      meter: { published: { inc: () => {} } },
      context: { clock: createSystemClock(), log: { warn: (data: object) => lines.push(data) } },
      store: {
        readOutbox: async () => outbox,
        takeRelay: async () => true,
        acknowledge: async () => {
          outbox = [];
        },
      },
      bus: {
        publish: async (records: readonly OutgoingRecord[]) => {
          refusals -= 1;
          if (refusals >= 0) throw new OrchestraError('BUS_UNAVAILABLE', 'not now', { retriable: true });
          published.resolve(records);
        },
      },
    };

    const relay = startRelay(world as unknown as Engine<'build'>);
    const records = await published.promise;
    await relay.stop();

    expect(records).toEqual([record]);
    expect(lines).toEqual([
      { err: expect.any(OrchestraError), records: 1, event: 'e1', runId: 'r1', topic: 'build_ready' },
    ]);
  });
});
