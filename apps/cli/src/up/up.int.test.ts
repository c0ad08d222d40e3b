import { afterEach, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { text } from 'node:stream/consumers';

const program = join(import.meta.dirname, '../../bin/orchestra.js');
const cleanups: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function givenUp() {
  const folder = await mkdtemp(join(tmpdir(), 'orchestra-up-'));
  const args = [program, 'up', '--data', folder, '--port', '0', '--repository', 'ada/shop'];
  const up = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const ended = endOf(up);
  cleanups.push(async () => {
    if (up.exitCode === null) process.kill(-(up.pid ?? 0), 'SIGKILL');
    await ended;
    await rm(folder, { recursive: true, force: true });
  });
  await once(up.stdout, 'data');
  return { folder, ended };
}

async function endOf(up: ChildProcess & { stderr: NodeJS.ReadableStream }) {
  const [said, [code]] = await Promise.all([text(up.stderr), once(up, 'exit')]);
  return { code, said };
}

// Another hand in the file: what is published from now on cannot be read.
function breakReading(folder: string): void {
  const database = new DatabaseSync(join(folder, 'orchestra.sqlite'), { timeout: 5_000 });
  database.exec(`ALTER TABLE bus_cursors RENAME COLUMN consumer TO reader;
    INSERT INTO outbox (service, id, topic, key, value, headers, at)
      VALUES ('chatops', 'event-1', 'operator_command', 'key', x'00', '{}', 0)`);
  database.close();
}

describe('orchestra up', () => {
  it('ends when a part of it cannot go on, and says why, so that whoever keeps it starts it anew', async () => {
    const { folder, ended } = await givenUp();

    breakReading(folder);

    expect(await ended).toMatchObject({ code: 1, said: expect.stringMatching(/Reading \w+ ended/) });
  });
});
