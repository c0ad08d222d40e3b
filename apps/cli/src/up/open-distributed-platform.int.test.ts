import { expect, it } from '@jest/globals';
import { eventually } from '@orchestra/testkit';
import { mkdtempDisposable, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDistributedPlatform } from './open-distributed-platform.ts';

it('stops every service that it has begun when it is asked to stop while it starts', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'orchestra-start-'));
  // Nobody listens there, so that no service gets ready.
  const nobody = '127.0.0.1:9';
  const asked = new AbortController();
  const opening = openDistributedPlatform({
    folder: folder.path,
    repositories: [],
    environment: {
      PATH: process.env['PATH'],
      KAFKA_BROKERS: nobody,
      SCHEMA_REGISTRY_URL: `http://${nobody}`,
      REDIS_URL: `redis://${nobody}`,
      SANDBOX: 'auto',
      LOCAL_TARGET_SANDBOX: 'auto',
    },
    host: '127.0.0.1',
    port: 0,
    signal: asked.signal,
    say() {},
  });
  const failed = opening.catch((error: unknown) => error);
  const pids = await eventually({ see: async () => pidsIn(folder.path), until: (found) => found.length === 9 });

  asked.abort(new Error('asked to stop'));

  expect(await failed).toMatchObject({ message: 'asked to stop' });
  expect(pids.filter(isAlive)).toEqual([]);
});

async function pidsIn(folder: string): Promise<number[]> {
  const text = await readFile(join(folder, 'processes.json'), 'utf8').catch(() => '[]');
  const rows: { pid: number }[] = JSON.parse(text);
  return rows.map(({ pid }) => pid).filter((pid) => pid > 0);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
