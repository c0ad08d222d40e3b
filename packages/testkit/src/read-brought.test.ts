import { describe, expect, it } from '@jest/globals';
import type { RunState } from '@orchestra/contracts';
import { readBrought } from '@orchestra/runtime';
import { aContext, aRun } from './given-context.ts';

function aRunOf(sequence: number, ref = 'refs/heads/main'): RunState {
  const changedFiles = [{ path: `${sequence}.ts`, addedLines: 1, deletedLines: 0 }];
  const source = { planDigest: null, snapshotDigest: null, baseCommit: null, problems: [], warnings: [], licenses: [] };
  const run = aRun({ runId: `run-${sequence}`, sequence, ref, message: `change ${sequence}` });
  return { ...run, slices: { ...run.slices, gitops: { source: { ...source, changedFiles } } } };
}

/** What the fifth run brings over a release of another run, and how the store was asked. */
async function brought(since: number | null, earlier: readonly RunState[] = [4, 3, 2, 1].map((one) => aRunOf(one))) {
  const asked: unknown[] = [];
  const store = {
    listRuns: async (query: { limit: number }) => {
      asked.push(query);
      return earlier.slice(0, query.limit);
    },
  };
  const found = await readBrought(aContext('rollback', { run: aRunOf(5), store }), since);
  return { messages: found.map(({ message }) => message), changed: found.map(({ changed }) => changed), asked };
}

describe('readBrought', () => {
  it('has what the runs between brought as well, the run itself first', async () => {
    const { messages, changed, asked } = await brought(2);

    expect(messages).toEqual(['change 5', 'change 4', 'change 3']);
    expect(changed.flat()).toMatchObject([{ path: '5.ts' }, { path: '4.ts' }, { path: '3.ts' }]);
    expect(asked).toEqual([{ repository: 'acme/shop', limit: 2, before: 'run-5' }]);
  });

  it('leaves out what another ref was pushed to', async () => {
    const { messages } = await brought(2, [aRunOf(4, 'refs/heads/other'), aRunOf(3)]);

    expect(messages).toEqual(['change 5', 'change 3']);
  });

  it.each([{ since: 4 }, { since: 9 }, { since: null }])(
    'is the run alone where nothing is between: $since',
    async ({ since }) => {
      expect(await brought(since)).toMatchObject({ messages: ['change 5'], asked: [] });
    },
  );
});
