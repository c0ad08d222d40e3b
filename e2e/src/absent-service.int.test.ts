import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import * as build from '@orchestra/build';
import { findUnattended, judgeRun } from '@orchestra/contracts';
import { createFakeWorkbench, eventually } from '@orchestra/testkit';
import { startPushedWorld, type PushedWorld } from './pushed-world.ts';
import { startAll, stopAll } from './release/start-services.ts';

const pipeline = `
project: { name: shop }
build: { tool: command, command: "true" }
run: { deadline_seconds: 4, gate_deadline_seconds: 3 }
`;
let world: PushedWorld;

beforeEach(async () => {
  world = await startPushedWorld();
});

afterEach(() => world.close());

describe('a stage whose service does not run', () => {
  it('is named, ends its run as timed out across a restart, and ends itself when its service comes', async () => {
    const runId = await world.push(pipeline);
    await eventually({
      see: async () => (await world.read(runId)).units['gitops']?.status,
      until: (status) => status === 'success',
    });
    await world.restart();

    const waiting = await world.read(runId);
    const jobs = await world.backends().store.readJobs(runId);
    const later = new Date(Date.parse(waiting.units['gitops']?.endedAt ?? '') + 40_000);
    expect(findUnattended(waiting, jobs, later).map(({ unit, kind }) => [unit, kind])).toEqual([
      ['build', 'not_taken'],
      ['code_analysis/source', 'not_taken'],
    ]);
    const timedOut = await eventually({
      see: async () => judgeRun(await world.read(runId)),
      until: ({ kind }) => kind === 'ended',
    });
    expect(timedOut).toEqual({ kind: 'ended', status: 'timed_out', reason: 'deadline' });

    const images = { isInstalled: async () => false, build: async () => ({ kind: 'timed_out' as const }) };
    const ports = { workbench: createFakeWorkbench(), images };
    const services = await startAll(world.backends(), [async (start) => start(build.createService(ports))]);
    const built = await eventually({
      see: async () => (await world.read(runId)).units['build'],
      until: (unit) => (unit?.endedAt ?? null) !== null,
    });
    await stopAll(services);

    expect(built).toMatchObject({ status: 'timed_out', reason: 'run_deadline' });
    const history = await world.backends().store.readHistory(runId);
    expect(history.filter(({ what }) => what === 'build_ready')).toHaveLength(1);
    expect(history.filter(({ what }) => what === 'deadline reached')).toHaveLength(1);
  });
});
