import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { topics } from '@orchestra/contracts';
import type { IncomingRecord } from '@orchestra/runtime';
import { eventually } from '@orchestra/testkit';
import { startFaultWorld, type FaultWorld } from './fault-world.ts';
import { factsOf, findViolations, withBackends } from './find-violations.ts';
import { poisonLike } from './poison.ts';
import { runReplay } from './run-orchestra.ts';
import { pidsOf } from './service-signals.ts';
import { isIn, openShop, type Shop } from './shop.ts';

let world: FaultWorld;
let shop: Shop;

// Every period as it is in production.
beforeAll(async () => {
  world = await startFaultWorld();
  shop = await openShop(world.platform, { pipeline: 'light', buildMs: 2_000 });
});

afterAll(async () => {
  await shop.close();
  await world.stop();
});

describe("the platform with production's periods", () => {
  it('after SIGKILL the only replica of a service works again, on what came meanwhile', async () => {
    const [pid] = await pidsOf(world.platform, 'build');
    if (pid === undefined) throw new Error('no build runs');

    process.kill(pid, 'SIGKILL');
    const killedAt = performance.now();
    const { runId } = await shop.push('while build is dead');
    await eventually({
      see: () => shop.look(runId),
      until: (shown) => isIn(shown, 'build', ['running', 'success']),
      timeoutMs: 60_000,
    });
    const seconds = (performance.now() - killedAt) / 1000;

    process.stderr.write(`build worked again ${seconds.toFixed(1)} s after SIGKILL\n`);
    expect(await shop.endOf(runId)).toBe('success');
    expect(await findViolations(world, shop.pushes)).toEqual([]);
  });

  it('F5 six kinds of poison lie before the events of a run: each group keeps them aside, and goes on', async () => {
    const { runId } = await shop.push('behind the poison');
    await eventually({ see: () => shop.look(runId), until: (shown) => isIn(shown, 'build', ['running']) });

    const kinds = await publishPoison('build_ready', runId);
    expect(await shop.endOf(runId)).toBe('success');
    expect(await findViolations(world, shop.pushes)).toEqual([]);

    const { records, runs } = await factsOf(world, []);
    const letters = records.filter(({ topic }) => topic === 'build_ready.dlq').map(({ headers }) => headers);
    const kept = new Set(letters.map((headers) => `${headers['dlq.group']} ${headers['dlq.original.offset']}`));
    expect(kept.size).toBe(kinds * topics.build_ready.consumers.length);
    const units = runs.find(({ state }) => state.runId === runId)?.state.units;
    const seconds = (Date.parse(units?.['test']?.startedAt ?? '') - Date.parse(units?.['build']?.endedAt ?? '')) / 1000;
    process.stderr.write(`what lay behind the poison was taken after ${seconds.toFixed(1)} s\n`);
  });
});

describe('orchestra replay, of what Kafka holds', () => {
  it('gives the events of a topic since a time to this build of a service, which answers as was recorded', async () => {
    const before = await shop.push('before');
    expect(await shop.endOf(before.runId)).toBe('success');
    const since = new Date().toISOString();
    const { runId } = await shop.push('since then');
    expect(await shop.endOf(runId)).toBe('success');
    const places = { ARTIFACTS_DIR: join(world.platform.data, 'artifacts') };
    const asked = ['--distributed', '--topic', 'iac_ready', '--service', 'deploy'];

    const all = await runReplay([...asked, '--from', 'oldest'], { ...world.environment, ...places });
    const newest = await runReplay([...asked, '--from', since], { ...world.environment, ...places });

    const runs = all.map(({ event }) => event.runId);
    expect(runs).toEqual(expect.arrayContaining([before.runId, runId]));
    expect(newest.map(({ event }) => event.runId)).toEqual([runId]);
    expect(all.filter(({ kind }) => kind === 'differs' || kind === 'refused')).toEqual([]);
    expect(newest.flatMap(({ recorded }) => recorded.map(({ topic }) => topic))).toContain('deployment_triggered');
  });
});

// Under the key of a run, before what the run will say on that topic.
async function publishPoison(topic: string, key: string): Promise<number> {
  return withBackends(world, async ({ bus }) => {
    const good: IncomingRecord[] = [];
    await bus.read({ topics: [topic], from: { kind: 'oldest' }, onRecord: async (record) => void good.push(record) });
    const [first] = good;
    if (first === undefined) throw new Error(`no record on ${topic}`);
    const poison = poisonLike(first, key);
    await bus.publish(poison);
    return poison.length;
  });
}
