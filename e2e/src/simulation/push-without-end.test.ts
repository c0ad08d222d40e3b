import { describe, expect, it } from '@jest/globals';
import { judgeRun, parseTarget, type RunState } from '@orchestra/contracts';
import { createActorClock, hex } from './actor-clock.ts';
import { createCluster, type Cluster } from './cluster.ts';
import { traitsFile, type Traits } from './commit.ts';
import type { FaultPlan } from './fault-plan.ts';
import { createFaults } from './faults.ts';
import { isAtRest, judge } from './judge.ts';
import { writePipeline } from './pipeline-text.ts';
import { createRandom, type Random } from './random.ts';
import { cloneTemplate } from './starters.ts';
import { createTimeline, type Timeline } from './timeline.ts';
import { noTrace } from './trace.ts';
import { createWorld, type World } from './world.ts';

const pushes = 60;
const everyMs = 2_000;
const repository = 'acme/shop';
const calm: FaultPlan = {
  crash: 0,
  pause: 0,
  fail: 0,
  lost: 0,
  slow: 0,
  duplicate: 0,
  lateRecord: 0,
  lostHint: 0,
  rewind: 0,
  skewMs: 0,
  jumps: 0,
  partitions: 1,
  replicas: 1,
  latencyMs: 20,
  outages: [],
  aims: [],
};
// A run takes a minute: its commands, two steps of a canary that are watched, and its watch.
const pipeline = writePipeline({
  environments: ['production'],
  services: ['web'],
  strategy: 'canary',
  replicas: 1,
  onInconclusive: 'abort',
  watches: true,
  rollsBack: true,
  infrastructure: false,
  image: false,
  scans: false,
  halts: true,
});
const traits: Traits = {
  build: { exitCode: 0, durationMs: 3_000 },
  lint: { exitCode: 0, durationMs: 1_000 },
  test: { exitCode: 0, durationMs: 2_000 },
  scan: { exitCode: 0, durationMs: 1_000 },
  app: { startMs: 500, crashes: false, badAfterMs: null, silent: false },
  infrastructure: { version: 'v1', destroys: [], applyFails: false, applyMs: 100 },
};

interface Stage {
  world: World;
  timeline: Timeline;
  cluster: Cluster;
  random: Random;
}

async function prepare(): Promise<Stage> {
  const random = createRandom('a push without end');
  const timeline = createTimeline(random.fork('timeline'));
  const nowMs = (): number => timeline.nowMs();
  const clock = createActorClock({ timeline, random: random.fork('clock'), actor: null, offsetMs: () => 0 });
  const world = await createWorld(clock, clock);
  const faults = createFaults({ plan: calm, random: random.fork('faults'), nowMs });
  return { world, timeline, random, cluster: createCluster({ world, timeline, faults, trace: noTrace }) };
}

/** Pushes the next commit of the branch, and tells of it. */
function push({ world, cluster, random }: Stage, number: number): void {
  const commit = hex(random, 40);
  const url = cloneTemplate.replaceAll('{repository}', repository);
  const files = { 'devops_orchestra.yaml': pipeline, [traitsFile]: JSON.stringify(traits), commit };
  world.outside.repositories.commit(url, commit, files);
  world.outside.repositories.move(url, 'refs/heads/main', commit);
  const head_commit = { message: `push ${number}`, author: { name: 'ada' } };
  const change = { ref: 'refs/heads/main', before: '0'.repeat(40), after: commit, deleted: false };
  void cluster.request('gitops', {
    method: 'POST',
    url: '/webhooks/github',
    headers: { 'x-github-event': 'push', 'x-github-delivery': `delivery-${number}` },
    body: JSON.stringify({ ...change, repository: { full_name: repository }, head_commit, pusher: { name: 'ada' } }),
  });
}

async function runsOf({ store }: World): Promise<RunState[]> {
  const runs = await store.listRuns({ repository, limit: 2 * pushes, before: null });
  return runs.toSorted((left, right) => left.sequence - right.sequence);
}

async function servingIn({ store }: World): Promise<string | null> {
  const targets = await store.listTargets(null);
  const found = targets.find(({ key }) => key === `${repository}/production/web`)?.target;
  if (found === undefined) return null;
  const { current, history } = parseTarget(found);
  return history.find(({ release }) => release === current)?.commit ?? null;
}

/** What deploy told of each run's rollout, the steps left out. */
async function endsOf({ records, codec }: World): Promise<Map<string, string[]>> {
  const ends = new Map<string, string[]>();
  for (const { topic, value, headers } of records) {
    if (topic !== 'deployment_triggered' || value === null) continue;
    const runId = headers['ce_correlationid'] ?? '';
    const { phase } = await codec.decode(topic, value);
    ends.set(runId, [...(ends.get(runId) ?? []), ...(phase === 'STEP' ? [] : [phase])]);
  }
  return ends;
}

describe('a push every two seconds for two minutes', () => {
  it('leaves some runs to finish, ends with the newest one, and cuts no rollout off half-way', async () => {
    const stage = await prepare();
    const { world, timeline, cluster } = stage;
    cluster.start();
    for (let number = 1; number <= pushes; number += 1) {
      timeline.after(number * everyMs, null, () => push(stage, number));
    }

    await timeline.run((pushes + 1) * everyMs);
    const meanwhile = (await runsOf(world)).filter(({ endedAt }) => endedAt !== null);
    do await timeline.run(timeline.nowMs() + 10_000);
    while (!isAtRest(world, calm.partitions) && timeline.nowMs() < 3_600_000);

    const runs = await runsOf(world);
    const judged = runs.map((run) => judgeRun(run));
    const statuses = judged.map(({ status }) => status);
    expect(statuses).toHaveLength(pushes);
    expect(meanwhile.map((run) => judgeRun(run).status)).toContain('success');
    expect(statuses.filter((status) => status === 'success').length).toBeGreaterThan(2);
    // Either by the next push, or by the next one that waited for the target.
    const gaveWay = new Set(judged.flatMap(({ status, reason }) => (status === 'success' ? [] : [reason])));
    expect(gaveWay).toEqual(new Set(['newer_push', 'deploy/production/web: superseded']));
    expect(statuses.at(-1)).toBe('success');
    expect(await servingIn(world)).toBe(runs.at(-1)?.commit);
    const ends = await endsOf(world);
    expect([...ends.values()].filter(({ length }) => length !== 1)).toEqual([]);
    expect(new Set([...ends.values()].flat())).toEqual(new Set(['RELEASED', 'ABORTED']));
    expect(await judge(world, calm.partitions, () => true)).toEqual([]);
    world.database.close();
  }, 300_000);
});
