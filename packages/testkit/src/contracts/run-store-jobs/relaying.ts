import { describe, expect, it } from '@jest/globals';
import { aFinish, aJob, aRecord, claimed, minute, type RunStoreUnderTest, type Under } from './given.ts';

/** The outbox: what a finish stored goes out at least once, in order. */
export function testRelaying(under: Under): void {
  describe('the outbox', () => {
    it('gives records oldest first, byte for byte', async () => {
      const { store } = under();
      const every = Buffer.from(Array.from({ length: 256 }, (_none, byte) => byte));
      const first = aRecord({ id: 'a', value: every, headers: { ce_id: 'a', text: 'ü "quoted"' } });
      await publish(under(), 'one', [first, aRecord({ id: 'b', value: Buffer.alloc(0), headers: {} })]);
      await publish(under(), 'two', [aRecord({ id: 'c' })]);

      const found = await store.readOutbox('build', 10);

      expect(found.map(({ record }) => record.id)).toEqual(['a', 'b', 'c']);
      expect(found[0]?.record).toEqual(first);
      expect(found[1]?.record.value).toHaveLength(0);
      expect((await store.readOutbox('build', 2)).map(({ record }) => record.id)).toEqual(['a', 'b']);
      expect(await store.readOutbox('build', 0)).toEqual([]);
      expect(await store.readOutbox('test', 10)).toEqual([]);
    });

    it('keeps the records of services apart', async () => {
      const { store } = under();
      await store.enqueue(aJob({ jobId: 'tests', service: 'test' }));
      await store.finish(await claimed(store, 'test'), aFinish({ outbox: [aRecord()] }));

      expect(await store.readOutbox('build', 10)).toEqual([]);
      expect(await store.readOutbox('test', 10)).toHaveLength(1);
    });

    it('reads the same record again after a crash between the publishing and its acknowledgement', async () => {
      const { store } = under();
      await publish(under(), 'one', [aRecord({ id: 'a' }), aRecord({ id: 'b' })]);
      const before = await store.readOutbox('build', 10);

      const after = await store.readOutbox('build', 10);

      expect(after).toEqual(before);
    });

    it('forgets what was acknowledged, and nothing else; twice is as good as once', async () => {
      const { store } = under();
      await publish(under(), 'one', [aRecord({ id: 'a' }), aRecord({ id: 'b' }), aRecord({ id: 'c' })]);
      const [a, b] = await store.readOutbox('build', 2);
      const positions = [b?.position ?? '', a?.position ?? ''];

      await store.acknowledge('build', positions);
      await store.acknowledge('build', positions);
      await store.acknowledge('build', []);

      expect((await store.readOutbox('build', 10)).map(({ record }) => record.id)).toEqual(['c']);
      await publish(under(), 'two', [aRecord({ id: 'd' })]);
      expect((await store.readOutbox('build', 10)).map(({ record }) => record.id)).toEqual(['c', 'd']);
    });

    it('says how many wait, and for how long', async () => {
      const { store, advance } = under();
      expect(await store.stats('build')).toMatchObject({ outbox: 0, oldestOutboxMs: 0 });
      await publish(under(), 'one', [aRecord({ id: 'a' })]);
      await advance(minute);
      await publish(under(), 'two', [aRecord({ id: 'b' })]);

      const stats = await store.stats('build');

      expect(stats.outbox).toBe(2);
      expect(stats.oldestOutboxMs).toBeGreaterThanOrEqual(minute);
      expect(stats.oldestOutboxMs).toBeLessThan(2 * minute);
    });
  });

  describe('the relay', () => {
    it('belongs to one owner at a time, who extends it', async () => {
      const { store, advance } = under();

      expect(await store.takeRelay('build', 'one', 2 * minute)).toBe(true);
      expect(await store.takeRelay('build', 'two', 2 * minute)).toBe(false);
      expect(await store.takeRelay('test', 'two', 2 * minute)).toBe(true);
      await advance(minute);
      expect(await store.takeRelay('build', 'one', 2 * minute)).toBe(true);
      await advance(1.5 * minute);
      expect(await store.takeRelay('build', 'two', 2 * minute)).toBe(false);

      await advance(minute);
      expect(await store.takeRelay('build', 'two', 2 * minute)).toBe(true);
      expect(await store.takeRelay('build', 'one', 2 * minute)).toBe(false);
    });
  });
}

async function publish(
  { store }: RunStoreUnderTest,
  jobId: string,
  outbox: ReturnType<typeof aRecord>[],
): Promise<void> {
  await store.enqueue(aJob({ jobId }));
  await store.finish(await claimed(store), aFinish({ outbox }));
}
