import { describe, expect, it } from '@jest/globals';
import { queueOutput } from './queue-output.ts';

describe('queueOutput', () => {
  it('writes everything in order, together what comes together', async () => {
    const calls: string[] = [];
    const queue = queueOutput(async (text) => {
      await new Promise((resolve) => setImmediate(resolve));
      calls.push(text);
    });

    for (const text of ['a', 'b', 'c']) queue.write(text);
    await queue.flush();
    queue.write('d');
    await queue.flush();

    expect(calls).toEqual(['abc', 'd']);
  });

  it('has nothing to wait for when nothing was written', async () => {
    await expect(queueOutput(async () => {}).flush()).resolves.toBeUndefined();
  });

  it('throws what writing threw, and only when asked', async () => {
    const queue = queueOutput(async () => {
      throw new Error('disk full');
    });

    queue.write('a');
    queue.write('b');

    await expect(queue.flush()).rejects.toThrow('disk full');
  });
});
