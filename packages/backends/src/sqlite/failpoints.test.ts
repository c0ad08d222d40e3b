import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createSystemClock, failpointMarker, failpoints, withFailpoints, type Failpoint } from '@orchestra/runtime';
import { createSqliteRunStore, openDatabase } from './index.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'orchestra-failpoints-'));
});

afterEach(() => rm(folder, { recursive: true }));

describe('withFailpoints', () => {
  it('kills the process at each point once, in the order in which a job meets them', async () => {
    await writeFile(join(folder, failpointMarker), '');
    for (const point of failpoints) await arm(point, '');

    for (const point of failpoints) {
      expect(await runJob()).toEqual([null, 'SIGKILL']);
      expect(existsSync(join(folder, `build.${point}.hit`))).toBe(true);
    }
    expect(await runJob()).toEqual([0, null]);
  }, 60_000);

  it('spares jobs of other units', async () => {
    await writeFile(join(folder, failpointMarker), '');
    await arm('after_claim', 'deploy/');

    expect(await runJob()).toEqual([0, null]);
  });

  it.each([
    ['without the variable', () => undefined],
    ['when the variable is empty', () => ''],
    ['when the folder is not named from the root', () => 'build'],
    ['when the folder is not there', () => join(folder, 'missing')],
    ['when nobody marked the folder', () => folder],
  ])('changes nothing %s', (_when, given) => {
    const store = createSqliteRunStore({ database: openDatabase({ file: ':memory:', clock: createSystemClock() }) });

    expect(withFailpoints(store, 'build', given())).toBe(store);
  });
});

function arm(point: Failpoint, unit: string): Promise<void> {
  return writeFile(join(folder, `build.${point}`), unit);
}

async function runJob(): Promise<unknown[]> {
  const program = new URL('failpoints.fixture.ts', import.meta.url).pathname;
  const args = ['--conditions=source', program, join(folder, 'orchestra.db'), folder];
  return once(spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] }), 'exit');
}
