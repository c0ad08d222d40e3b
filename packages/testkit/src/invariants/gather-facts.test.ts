import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { openEmbedded } from '@orchestra/backends/embedded';
import { serviceNames } from '@orchestra/contracts';
import type { Backends } from '@orchestra/runtime';
import { startWorld, type BuildWork } from '../contracts/running-services-world.ts';
import { eventually } from '../eventually.ts';
import { checkInvariants } from './check-invariants.ts';
import { gatherFacts } from './gather-facts.ts';
import { recordBus } from './record-bus.ts';

async function openRecorded() {
  const folder = await mkdtemp(join(tmpdir(), 'facts-'));
  const backends = await openEmbedded({ folder });
  const recorded = recordBus(backends.bus, () => new Date());
  const opened: Backends & { close(): Promise<void> } = {
    ...backends,
    bus: recorded.bus,
    async close() {
      await backends.close();
      await rm(folder, { recursive: true });
    },
  };
  return { opened, records: recorded.records };
}

const made = { artifacts: [], durationMs: 1 };
const build: BuildWork = () => ({
  kind: 'end',
  status: 'success',
  events: [{ topic: 'build_ready', data: { outcome: 'SUCCESS', reason: null, ...made } }],
  slice: { result: { tool: 'none', ...made } },
});

const poison = { topic: 'code_push', key: 'acme/shop', value: Buffer.from([1]), headers: { hello: 'poison' } };
// Of the two services of this world, build is the one that consumes pushes.
const groups = [{ group: 'orchestra.build', topic: 'code_push', lag: 0 }];

describe('the facts of a world', () => {
  it('are read from its store and its recorded topics, and keep all promises', async () => {
    const { opened, records } = await openRecorded();
    await using world = await startWorld(async () => opened, { build });
    const runId = await world.push();
    await opened.bus.publish([poison]);
    await eventually({ see: async () => opened.store.readRun(runId), until: (run) => run?.endedAt !== null });
    await eventually({
      see: async () => Promise.all(serviceNames.map(async (name) => (await opened.store.stats(name)).outbox)),
      until: (outboxes) => outboxes.every((count) => count === 0),
    });
    await eventually({ see: () => records.map(({ topic }) => topic), until: (all) => all.includes('code_push.dlq') });

    const facts = await gatherFacts({ store: opened.store, codec: opened.codec, records, groups });

    expect(facts.runs.map(({ state }) => state.runId)).toEqual([runId]);
    expect(facts.runs[0]?.jobs.map(({ unit }) => unit)).toEqual(['gitops', 'build']);
    expect(facts.records.map(({ topic, problem }) => [topic, problem])).toEqual(
      expect.arrayContaining([
        ['code_push', null],
        ['build_ready', null],
        ['code_push', 'EVENT_ENVELOPE_INVALID'],
        ['code_push.dlq', null],
      ]),
    );
    expect(checkInvariants(facts)).toEqual([]);
  });
});
