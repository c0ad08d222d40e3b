import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { CommitStatus, Forge } from '@orchestra/adapters/forge';

/** A forge, and what people see there: the newest status of each context of a commit. */
export interface ForgeUnderTest {
  forge: Forge;
  shown(): readonly Pick<CommitStatus, 'commit' | 'context' | 'state' | 'description'>[];
  close(): Promise<void>;
}

const status: CommitStatus = {
  repository: 'acme/shop',
  commit: 'a'.repeat(40),
  context: 'orchestra/build',
  state: 'pending',
  description: 'Running',
  url: null,
};

/** The contract of a forge: what is shown beside a commit. */
export function testForge(name: string, open: () => Promise<ForgeUnderTest>): void {
  describe(`the statuses of ${name}`, () => {
    const { signal } = new AbortController();
    let world: ForgeUnderTest;

    beforeEach(async () => {
      world = await open();
    });
    afterEach(() => world.close());

    it('stand beside their commit', async () => {
      await world.forge.setStatus(status, signal);

      const { commit, context, state, description } = status;
      expect(world.shown()).toEqual([{ commit, context, state, description }]);
    });

    it('are replaced in their context, and repeated without a second one', async () => {
      const passed: CommitStatus = { ...status, state: 'success', description: 'Passed' };
      for (const one of [status, passed, passed]) await world.forge.setStatus(one, signal);

      expect(world.shown().map(({ state }) => state)).toEqual(['success']);
    });

    it('are apart for other contexts and other commits', async () => {
      await world.forge.setStatus(status, signal);
      await world.forge.setStatus({ ...status, context: 'orchestra/test', state: 'failure' }, signal);
      await world.forge.setStatus({ ...status, commit: 'b'.repeat(40), state: 'error' }, signal);

      expect(world.shown().map(({ state }) => state)).toEqual(['pending', 'failure', 'error']);
    });

    it('are not shown for whoever has stopped waiting', async () => {
      await expect(world.forge.setStatus(status, AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped');

      expect(world.shown()).toEqual([]);
    });
  });
}
