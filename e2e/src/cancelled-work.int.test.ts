import { chmod, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import * as build from '@orchestra/build';
import { createMeter, runService, type RunningService } from '@orchestra/runtime';
import { eventually, silentLog } from '@orchestra/testkit';
import { startPushedWorld, type PushedWorld } from './pushed-world.ts';
import { tellTime } from './tell-time.ts';

// A time that nothing else on this machine sleeps: the processes of the build are known by it.
const naps = `86399.${process.pid}`;
const pipeline = `
project: { name: shop }
build: { tool: command, command: "sleep ${naps} & setsid sleep ${naps} & sleep ${naps}" }
`;
// A cancel is heard at the next renewal, a third of the lease of production.
const heardMs = 10_000;
let world: PushedWorld;
let service: RunningService;
let workspaces: string;

beforeEach(async () => {
  world = await startPushedWorld();
  workspaces = join(world.folder, 'workspaces');
  await mkdir(workspaces);
  // The user inside the sandbox has to be able to pass.
  await chmod(world.folder, 0o711);
  await chmod(workspaces, 0o711);
  service = await startBuild();
});

afterEach(async () => {
  await service.stop();
  await world.close();
});

// With the lease of production: a wish is heard at the next renewal, a third of it.
async function startBuild(): Promise<RunningService> {
  const environment = { SANDBOX: 'auto', WORKSPACES_DIR: workspaces, PATH: process.env['PATH'] };
  return runService({
    service: build.createService(build.createPorts(build.settings.parse(environment))),
    backends: world.backends(),
    meter: createMeter(),
    log: silentLog,
    owner: 'test',
    settings: { pollMs: 200 },
  });
}

/** Processes of the build that live. */
async function nappers(): Promise<number> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return lines.filter((line) => line.split('\0').slice(0, 2).join(' ') === `sleep ${naps}`).length;
}

describe('a cancel', () => {
  it('ends running work, with all of its processes and its workspace', async () => {
    const runId = await world.push(pipeline);
    await eventually({ see: nappers, until: (count) => count === 3 });
    const cancel = { runId, wish: 'cancel', generation: null, units: null, reason: 'asked', actor: 'ada' } as const;
    const since = performance.now();

    await world.backends().store.setWish(cancel);
    const built = await eventually({
      see: async () => (await world.read(runId)).units['build'],
      until: (unit) => (unit?.endedAt ?? null) !== null,
      timeoutMs: 3 * heardMs,
    });
    tellTime({ what: 'work ended behind its cancel', ms: performance.now() - since, limitMs: heardMs });

    expect(built).toMatchObject({ status: 'cancelled', reason: 'cancelled_by_person' });
    expect(await nappers()).toBe(0);
    expect(await readdir(workspaces)).toEqual([]);
    expect((await world.read(runId)).units['test']?.startedAt ?? null).toBeNull();
  });
});
