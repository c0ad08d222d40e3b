import { describe, expect, it } from '@jest/globals';
import type { RunState } from '@orchestra/contracts';
import {
  aFinish,
  anAdmission,
  anotherAdmission,
  claimed,
  minute,
  otherRun,
  run,
  type RunStoreUnderTest,
  type Under,
} from './given.ts';

/** The marks of runs that have to be shown anew. */
export function testRendering(under: Under): void {
  describe('a changed run', () => {
    it('is due for both renderers, once for all changes', async () => {
      const { store } = under();
      await store.admit(anAdmission());
      await store.note(await claimed(store, 'gitops'), { a: '1' }, []);

      const shown = await store.claimDirty('gitops', minute);

      expect(shown).toEqual(await store.readRun(run));
      expect(await store.claimDirty('gitops', minute)).toBeNull();
      expect((await store.claimDirty('chatops', minute))?.runId).toBe(run);
      expect(await store.claimDirty('build', minute)).toBeNull();
    });

    it('is due no more when its newest revision was shown', async () => {
      const { store, advance } = under();
      await store.admit(anAdmission());

      await settle(under());

      await advance(10 * minute);
      expect(await store.claimDirty('gitops', minute)).toBeNull();
    });

    it('is due again when it moved on while it was shown', async () => {
      const { store } = under();
      await store.admit(anAdmission());
      const shown = await store.claimDirty('gitops', minute);
      await store.note(await claimed(store, 'gitops'), { a: '1' }, []);
      expect(await store.claimDirty('gitops', minute)).toBeNull();

      await store.settleDirty('gitops', run, shown?.v ?? 0);

      expect((await store.claimDirty('gitops', minute))?.v).toBeGreaterThan(shown?.v ?? 0);
    });

    it('is due again when its renderer died', async () => {
      const { store, advance } = under();
      await store.admit(anAdmission());
      await store.claimDirty('gitops', minute);

      await advance(minute);

      expect((await store.claimDirty('gitops', minute))?.runId).toBe(run);
    });

    it('is due after each change that came later', async () => {
      const { store } = under();
      await store.admit(anAdmission());
      await settle(under());

      await store.finish(await claimed(store, 'gitops'), aFinish({ status: 'success' }));

      expect((await store.claimDirty('gitops', minute))?.units['gitops']?.status).toBe('success');
    });
  });

  describe('settleAndClaimDirty', () => {
    it('ends one rendering and begins the next, which is that of the run itself when it moved on', async () => {
      const { store, advance } = under();
      await store.admit(anAdmission());
      await advance(1);
      await store.admit(anotherAdmission());
      const first = mustBe(await store.claimDirty('gitops', minute));

      const second = mustBe(await store.settleAndClaimDirty('gitops', first, minute));
      await store.note(await claimed(store, 'gitops'), { a: '1' }, []);
      const third = mustBe(await store.settleAndClaimDirty('gitops', second, minute));

      expect([first.runId, second.runId, third.runId]).toEqual([run, otherRun, run]);
      expect(third.v).toBeGreaterThan(first.v);
      expect(await store.settleAndClaimDirty('gitops', third, minute)).toBeNull();
      await advance(10 * minute);
      expect(await store.claimDirty('gitops', minute)).toBeNull();
    });

    it('gives the run again whose settled revision is no more its newest', async () => {
      const { store } = under();
      await store.admit(anAdmission());
      const shown = mustBe(await store.claimDirty('gitops', minute));
      await store.note(await claimed(store, 'gitops'), { a: '1' }, []);

      const again = await store.settleAndClaimDirty('gitops', shown, minute);

      expect(again).toEqual(await store.readRun(run));
      expect(await store.claimDirty('gitops', minute)).toBeNull();
    });
  });

  describe('what a renderer writes', () => {
    it('stands in its slice, raises no revision and makes nothing due', async () => {
      const { store } = under();
      await store.admit(anAdmission());
      await settle(under());
      const before = await store.readRun(run);

      await store.writeRendered('chatops', run, { '#shop': '{"ts":"1"}', gone: null });

      const after = await store.readRun(run);
      expect(after?.slices.chatops).toEqual({ '#shop': { ts: '1' } });
      expect(after?.v).toBe(before?.v);
      expect(await store.claimDirty('gitops', minute)).toBeNull();
    });

    it('about an unknown run goes nowhere', async () => {
      const { store } = under();

      await store.writeRendered('chatops', 'unknown', { a: '1' });
      await store.settleDirty('chatops', 'unknown', 3);

      expect(await store.readRun('unknown')).toBeNull();
      expect(await store.claimDirty('chatops', minute)).toBeNull();
    });
  });
}

function mustBe(shown: RunState | null): RunState {
  if (shown === null) throw new Error('no run is due');
  return shown;
}

async function settle({ store }: RunStoreUnderTest): Promise<void> {
  const shown = await store.claimDirty('gitops', minute);
  await store.settleDirty('gitops', run, shown?.v ?? 0);
}
