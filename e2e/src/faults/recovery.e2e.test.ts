import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { topics } from '@orchestra/contracts';
import { groupOf } from '@orchestra/runtime';
import { readRecords } from '@orchestra/testkit';
import { tellTime } from '../tell-time.ts';
import { startFaultWorld, type FaultWorld } from './fault-world.ts';
import { factsOf, findViolations, lagsIn, withBackends } from './find-violations.ts';
import { lookUntil } from './look-until.ts';
import { poisonLike } from './poison.ts';
import { runReplay } from './run-orchestra.ts';
import { pidsOf } from './service-signals.ts';
import { isIn, openShop, type Shop } from './shop.ts';

// Within these times the only replica of a service should work again, and what lies behind poison be taken.
const againMs = 15_000;
const behindMs = 1_000;
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
    await lookUntil({
      see: () => shop.look(runId),
      until: (shown) => isIn(shown, 'build', ['running', 'success']),
      timeoutMs: 3 * againMs,
    });
    tellTime({
      what: 'the only replica of build worked again behind SIGKILL',
      ms: performance.now() - killedAt,
      limitMs: againMs,
    });

    expect(await shop.endOf(runId)).toBe('success');
    expect(await findViolations(world, shop.pushes)).toEqual([]);
  });

  it('F5 six kinds of poison lie before the events of a run: each group keeps them aside, and goes on', async () => {
    const [publisher = 0] = await pidsOf(world.platform, 'build');
    const [consumer = 0] = await pidsOf(world.platform, 'test');
    let runId = '';
    let kinds = 0;

    // The end of the build comes behind the poison, and both are there before anything of them is taken.
    for (const pid of [consumer, publisher]) process.kill(pid, 'SIGSTOP');
    try {
      ({ runId } = await shop.push('behind the poison'));
      kinds = await publishPoison('build_ready', runId);
      process.kill(publisher, 'SIGCONT');
      await lookUntil({ see: lagOfTest, until: (lag) => lag > kinds, timeoutMs: 60_000 });
    } finally {
      for (const pid of [publisher, consumer]) process.kill(pid, 'SIGCONT');
    }
    const since = performance.now();
    await lookUntil({ see: () => shop.look(runId), until: (shown) => isIn(shown, 'test', ['not_needed']) });
    tellTime({ what: 'what lay behind the poison was taken', ms: performance.now() - since, limitMs: behindMs });

    expect(await shop.endOf(runId)).toBe('success');
    expect(await findViolations(world, shop.pushes)).toEqual([]);
    const { records } = await factsOf(world, []);
    const letters = records.filter(({ topic }) => topic === 'build_ready.dlq').map(({ headers }) => headers);
    const kept = new Set(letters.map((headers) => `${headers['dlq.group']} ${headers['dlq.original.offset']}`));
    expect(kept.size).toBe(kinds * topics.build_ready.consumers.length);
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

async function lagOfTest(): Promise<number> {
  const lags = await lagsIn(world);
  return lags.find(({ group, topic }) => group === groupOf('test') && topic === 'build_ready')?.lag ?? 0;
}

// Under the key of a run, before what the run will say on that topic.
async function publishPoison(topic: string, key: string): Promise<number> {
  return withBackends(world, async ({ bus }) => {
    const [first] = await readRecords(bus, { topics: [topic] });
    if (first === undefined) throw new Error(`no record on ${topic}`);
    const poison = poisonLike(first, key);
    await bus.publish(poison);
    return poison.length;
  });
}
