import { describe, expect, it } from '@jest/globals';
import type { RunStore } from '@orchestra/runtime';
import { withCheckedArguments } from './check-arguments.ts';

const lease = { jobId: 'job', service: 'build', token: 1 } as const;

describe('withCheckedArguments', () => {
  it('hands a right call on, and its answer back', async () => {
    const asked: unknown[] = [];
    const store = withCheckedArguments(aStore(asked));

    expect(await store.release(lease)).toBe('released');

    expect(asked).toEqual([lease]);
  });

  it('names every argument at fault in one message, and asks nobody', async () => {
    const asked: unknown[] = [];
    const store = withCheckedArguments(aStore(asked));

    const refused = store.retryLater({ ...lease, token: -1, jobId: '' }, Number.NaN, 'error');

    await expect(refused).rejects.toMatchObject({ code: 'STORE_ARGUMENT_INVALID', retriable: false });
    await expect(refused).rejects.toThrow(/lease\.jobId.*lease\.token.*delayMs/);
    expect(asked).toEqual([]);
  });

  it('refuses jobs that belong to another run than their step', async () => {
    const store = withCheckedArguments(aStore([]));
    const gate = { ...aJob, runId: 'other', unit: 'iac/staging', inputs: ['test'] };

    const refused = store.retry({
      runId: 'run',
      expected: 1,
      remade: [],
      jobs: [],
      gates: [gate],
      deadlineMs: 1,
      actor: 'ada',
    });

    await expect(refused).rejects.toThrow(/another runId.*another generation/);
  });

  it.each([
    ['NUL and lone surrogates', 'a\u0000b\ud800'],
    ['an empty text', ''],
  ])('lets people write %s', async (_what, error) => {
    const store = withCheckedArguments(aStore([]));

    expect(await store.retryLater(lease, 0, error)).toBe('queued');
  });
});

const aJob = {
  jobId: 'gate',
  service: 'iac',
  generation: 1,
  handler: 'gate',
  payload: '{}',
  cause: 'event',
  causes: [],
  hops: 0,
  maxAttempts: 1,
  maxMs: 1,
  bound: true,
  traceparent: null,
  delayMs: 0,
} as const;

function aStore(asked: unknown[]): RunStore {
  const steps: Pick<RunStore, 'release' | 'retryLater'> = {
    async release(given) {
      asked.push(given);
      return 'released';
    },
    async retryLater() {
      return 'queued';
    },
  };
  return steps as RunStore;
}
