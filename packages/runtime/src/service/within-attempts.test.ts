import { describe, expect, it } from '@jest/globals';
import { OrchestraError } from '@orchestra/contracts';
import { withinAttempts } from './within-attempts.ts';

const trouble = new OrchestraError('SANDBOX_UNAVAILABLE', 'not now', { retriable: true });

describe('withinAttempts', () => {
  it.each([
    { attempt: 1, attempts: 3, retriable: true },
    { attempt: 2, attempts: 3, retriable: true },
    { attempt: 3, attempts: 3, retriable: false },
    { attempt: 1, attempts: 1, retriable: false },
    // A job that was given back does not count; one of an older file may have had more.
    { attempt: 4, attempts: 3, retriable: false },
  ])('in attempt $attempt of $attempts, trouble is retriable: $retriable', async ({ attempt, attempts, retriable }) => {
    const failing = withinAttempts({ job: { attempt } }, attempts, () => Promise.reject(trouble));

    await expect(failing).rejects.toMatchObject({ code: 'SANDBOX_UNAVAILABLE', message: 'not now', retriable });
  });

  it('gives back what the work returns', async () => {
    expect(await withinAttempts({ job: { attempt: 1 } }, 1, async () => 'done')).toBe('done');
  });

  it('leaves a programming error as it is', async () => {
    const failing = withinAttempts({ job: { attempt: 1 } }, 1, () => Promise.reject(new TypeError('ours')));

    await expect(failing).rejects.toBeInstanceOf(TypeError);
  });
});
