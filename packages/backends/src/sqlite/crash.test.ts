import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from '@jest/globals';
import { createSystemClock } from '@orchestra/runtime';
import { createSqliteRunStore, openDatabase } from './index.ts';
import { textOf } from './row.ts';

describe('a killed owner', () => {
  it('leaves everything that it acknowledged, in whole steps, each of five times', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'crash-'));
    const file = join(folder, 'orchestra.db');
    const acknowledged: string[] = [];

    for (const lines of [1, 7, 20, 43, 90]) {
      acknowledged.push(...(await writeAndDie(file, lines)));

      expect(await examine(file, acknowledged)).toEqual({ integrity: 'ok', lost: [], torn: [] });
    }

    await rm(folder, { recursive: true });
  }, 60_000);
});

/** Lets a process write until it has said so many lines, and kills it in the middle of the next step. */
async function writeAndDie(file: string, lines: number): Promise<string[]> {
  const program = new URL('writer.fixture.ts', import.meta.url).pathname;
  const writer = spawn(process.execPath, ['--conditions=source', program, file], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(writer, 'exit');
  const said: string[] = [];
  for await (const line of createInterface(writer.stdout)) {
    said.push(line);
    if (said.length === lines) writer.kill('SIGKILL');
  }
  expect(await exited).toEqual([null, 'SIGKILL']);
  return said;
}

/** What of the acknowledged is lost, and which steps are there by half: a status without its event, a run without its job. */
async function examine(file: string, acknowledged: readonly string[]) {
  const database = openDatabase({ file, clock: createSystemClock() });
  const store = createSqliteRunStore({ database });
  const runs = await store.listRuns({ repository: null, limit: 5_000, before: null });
  const outbox = new Set((await store.readOutbox('gitops', 5_000)).map(({ record }) => record.id));
  const published = database.all('SELECT CAST(key AS TEXT) AS run FROM bus_records').map((row) => textOf(row, 'run'));
  const found = new Set(published.map((runId) => `published ${runId}`));
  const torn = published.length % 2 === 0 ? [] : ['half a publish'];
  for (const { runId, units } of runs) {
    const finished = units['gitops']?.status === 'success';
    found.add(`admitted ${runId}`);
    if (finished) found.add(`finished ${runId}`);
    const jobs = await store.readJobs(runId);
    if (jobs.length !== 1 || outbox.has(runId) !== finished) torn.push(runId);
  }
  const integrity = database.get('PRAGMA integrity_check')?.['integrity_check'];
  database.close();
  return { integrity, lost: acknowledged.filter((line) => !found.has(line)), torn };
}
