import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

const run = promisify(execFile);

/** The trace of a seed, played in a process of its own. */
async function replay(seed: number): Promise<string> {
  const main = join(import.meta.dirname, 'main.ts');
  const args = [
    '--conditions=source',
    '--disable-warning=ExperimentalWarning',
    main,
    '--seed',
    String(seed),
    '--trace',
  ];
  const { stdout } = await run(process.execPath, args, { maxBuffer: 256 * 1024 ** 2 });
  return stdout;
}

describe('a seed', () => {
  it('gives the same trace in another process, byte for byte', async () => {
    const [one, other] = await Promise.all([replay(7), replay(7)]);

    expect(one.split('\n').length).toBeGreaterThan(500);
    expect(other).toBe(one);
  }, 300_000);

  it('gives another trace than its neighbour', async () => {
    const [one, other] = await Promise.all([replay(7), replay(8)]);

    expect(other).not.toBe(one);
  }, 300_000);
});
