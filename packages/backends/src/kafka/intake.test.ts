import { describe, expect, it } from '@jest/globals';
import type { IncomingRecord, Intake } from '@orchestra/runtime';
import { eventually } from '@orchestra/testkit';
import type { EachBatchPayload, KafkaMessage } from 'kafkajs';
import { type BatchIntake, createBatchIntake } from './intake.ts';

describe('createBatchIntake', () => {
  it('resolves each record that is done, one after the other', async () => {
    const { intake, given } = anIntake(async () => 'done');
    const batch = aBatch(['a', 'b', 'c']);

    await intake.eachBatch(batch.payload);

    expect(given()).toEqual(['a', 'b', 'c']);
    expect(batch.resolved).toEqual(['0', '1', '2']);
    expect(batch.pauses).toBe(0);
  });

  it('leaves a record unresolved that comes later, and all behind it', async () => {
    const { intake, given } = anIntake(async ({ offset }) => (offset === '1' ? 'later' : 'done'));
    const batch = aBatch(['a', 'b', 'c']);

    await intake.eachBatch(batch.payload);

    expect(given()).toEqual(['a', 'b']);
    expect(batch.resolved).toEqual(['0']);
    expect(batch.pauses).toBe(1);
    await eventually({ see: () => batch.resumes, until: (resumes) => resumes === 1 });
  });

  it('wakes no partition any more once it is stopped', async () => {
    const { intake } = anIntake(async () => 'later');
    const [one, other] = [aBatch(['a']), aBatch(['b'])];
    await intake.eachBatch(one.payload);

    intake.stop();
    await intake.eachBatch(other.payload);

    await eventually({ see: () => other.resumes, until: (resumes) => resumes === 1 });
    expect(one.resumes).toBe(0);
  });

  it('gives out nothing that went to another member meanwhile', async () => {
    const { intake, given } = anIntake(async () => 'done');
    const [stale, stopped] = [aBatch(['a']), aBatch(['b'])];

    await intake.eachBatch({ ...stale.payload, isStale: () => true });
    await intake.eachBatch({ ...stopped.payload, isRunning: () => false });

    expect(given()).toEqual([]);
    expect([...stale.resolved, ...stopped.resolved]).toEqual([]);
  });

  it('keeps the membership while a record takes long', async () => {
    const release = Promise.withResolvers<void>();
    const { intake } = anIntake(async () => {
      await release.promise;
      return 'done';
    });
    const batch = aBatch(['slow']);

    const handled = intake.eachBatch(batch.payload);
    await eventually({ see: () => batch.beats, until: (beats) => beats >= 3 });
    release.resolve();
    await handled;

    expect(batch.resolved).toEqual(['0']);
  });

  it('holds partitions while it is paused, and lets all of them go', async () => {
    const { intake, given } = anIntake(async () => 'done');
    const batches = [aBatch(['a']), aBatch(['b'])];

    intake.pause(true);
    for (const { payload } of batches) await intake.eachBatch(payload);
    expect(given()).toEqual([]);
    expect(batches.map(({ pauses }) => pauses)).toEqual([1, 1]);

    intake.pause(false);
    expect(batches.map(({ resumes }) => resumes)).toEqual([1, 1]);
  });

  it('passes on headers as text: of two the last, none without a value', async () => {
    const records: IncomingRecord[] = [];
    const intake = createBatchIntake({
      restMs: 1,
      heartbeatMs: 1000,
      onRecord: async (record) => {
        records.push(record);
        return 'done';
      },
    });
    const headers = { one: Buffer.from('ö'), two: [Buffer.from('a'), Buffer.from('b')], none: undefined };
    const message = { ...aMessage('x', 0), headers, key: null, value: null } as unknown as KafkaMessage;

    await intake.eachBatch(aBatch([], [message]).payload);

    expect(records).toEqual([
      {
        topic: 't',
        partition: 3,
        offset: '0',
        key: null,
        value: null,
        headers: { one: 'ö', two: 'b' },
        timestamp: new Date(5),
      },
    ]);
  });
});

interface Batch {
  payload: EachBatchPayload;
  resolved: string[];
  pauses: number;
  resumes: number;
  beats: number;
}

function anIntake(answer: (record: IncomingRecord) => Promise<Intake>): { intake: BatchIntake; given(): string[] } {
  const values: string[] = [];
  const intake = createBatchIntake({
    restMs: 10,
    heartbeatMs: 10,
    onRecord: async (record) => {
      values.push(String(record.value));
      return answer(record);
    },
  });
  return { intake, given: () => values };
}

function aBatch(values: readonly string[], messages: KafkaMessage[] = values.map(aMessage)): Batch {
  const seen = { resolved: [] as string[], pauses: 0, resumes: 0, beats: 0 };
  const payload = {
    batch: { topic: 't', partition: 3, messages },
    resolveOffset: (offset: string) => seen.resolved.push(offset),
    heartbeat: async () => {
      seen.beats += 1;
    },
    pause: () => {
      seen.pauses += 1;
      return () => {
        seen.resumes += 1;
      };
    },
    commitOffsetsIfNecessary: async () => undefined,
    isRunning: () => true,
    isStale: () => false,
  } as unknown as EachBatchPayload;
  return Object.assign(seen, { payload });
}

function aMessage(value: string, index: number): KafkaMessage {
  const [key, timestamp] = [Buffer.from('k'), '5'];
  return { key, value: Buffer.from(value), timestamp, offset: String(index), attributes: 0, headers: {} };
}
