import { describe, expect, it } from '@jest/globals';
import {
  beginReturn,
  createTarget,
  finishReturn,
  parsePipelineFile,
  parseTarget,
  targetKey,
  type DeploymentTriggered,
  type RollbackPlan,
  type Target,
} from '@orchestra/contracts';
import type { Quarantined, TargetWrite } from '@orchestra/runtime';
import { aContext, receive } from '@orchestra/testkit';
import type { Ports } from './ports.ts';
import { createService } from './service.ts';
import { alert, place, released, takeAndStep } from './world.fixture.ts';

// `docs` is in no group; `web` needs `api`, which needs `store`.
const parsed = parsePipelineFile(`
project: { name: shop }
deployment:
  services:
    - { name: web, command: a, port: 1, depends_on: [api] }
    - { name: docs, command: a, port: 2 }
    - { name: api, command: a, port: 3, depends_on: [store] }
    - { name: store, command: a, port: 4 }
`);
if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join('; '));
const { plan: filePlan } = parsed;

function empty(service: string): Target {
  return createTarget({ ...place, service });
}

/** The run before has released the service, and this one as well. */
function twice(service: string): Target {
  return released(takeAndStep(once(service), 2), 2);
}

function once(service: string): Target {
  return released(takeAndStep(empty(service), 1), 1);
}

function givenGroup(targets: readonly Target[], rollback: Partial<RollbackPlan> = {}) {
  const kept = new Map(targets.map((target) => [targetKey(target), { version: 1, target }]));
  const done: string[] = [];
  const quarantined: Quarantined[] = [];
  const serving = { releases: ['r1', 'r2'].map((release) => ({ release, ready: 1, weight: 50 })) };
  const ports: Ports = {
    releases: {
      notes: async () => [],
      look: async () => serving,
      output: async () => '',
      giveBack: async ({ target, to }) => {
        done.push(`${target.split('/').at(-1) ?? ''} to ${to.release}`);
        return serving;
      },
      retire: async () => {},
    },
  };
  const around = {
    plan: { ...filePlan, rollback: { enabled: true, cooldownMs: 0, budgetPerDay: 3, ...rollback } },
    run: { runId: 'run-2' },
    store: {
      readTarget: async (key: string) => {
        const found = kept.get(key);
        return found === undefined ? null : { key, version: found.version, target: JSON.stringify(found.target) };
      },
      readQuarantine: async () => quarantined,
      readHistory: async () => [],
      listRuns: async () => [],
    },
    changeTarget: async ({ key, expected, target }: TargetWrite) => {
      if ((kept.get(key)?.version ?? 0) !== expected) return 'target_moved' as const;
      kept.set(key, { version: expected + 1, target: parseTarget(JSON.stringify(target)) });
      return 'finished' as const;
    },
  };
  const service = createService(ports);
  const alertAt = (name: string) =>
    receive(service, { topic: 'observability_alert', data: { ...alert, service: name }, ...around });
  return {
    done,
    around,
    service,
    alertAt,
    currentOf: (name: string) => kept.get(targetKey(empty(name)))?.target.current,
  };
}

function told(result: Awaited<ReturnType<ReturnType<typeof givenGroup>['alertAt']>>) {
  const events = result?.kind === 'end' ? result.events : [];
  return events.map(({ data }) => `${'service' in data ? data.service : ''} ${'outcome' in data ? data.outcome : ''}`);
}

/** What was decided about each member. */
function decidedOf(result: Awaited<ReturnType<ReturnType<typeof givenGroup>['alertAt']>>) {
  const decided = result?.kind === 'end' ? (result.decided ?? []) : [];
  return decided.flatMap(({ what, reason, facts }) =>
    what === 'member of the group decided'
      ? [`${/"service":"(\w+)"/.exec(JSON.stringify(facts))?.[1] ?? ''} ${reason}`]
      : [],
  );
}

describe('a release group', () => {
  it.each(['web', 'api', 'store'])('goes back in the reverse order when %s is ill', async (ill) => {
    const { done, alertAt, currentOf } = givenGroup(['web', 'docs', 'api', 'store'].map(twice));

    const result = await alertAt(ill);

    expect(done).toEqual(['web to r1', 'api to r1', 'store to r1']);
    expect(told(result).toSorted()).toEqual(['api SUCCESS', 'store SUCCESS', 'web SUCCESS']);
    expect(result).toMatchObject({ slice: { 'production/web': {}, 'production/api': {}, 'production/store': {} } });
    expect(currentOf('docs')).toBe('r2');
  });

  it('takes back a canary of one, and what the others have released', async () => {
    const canary = takeAndStep(once('web'), 2);
    const { done, alertAt } = givenGroup([canary, twice('api'), twice('store')]);

    await alertAt('web');

    expect(done).toEqual(['web to r1', 'api to r1', 'store to r1']);
  });

  it('leaves members alone that this run has not brought', async () => {
    const { done, alertAt } = givenGroup([once('web'), takeAndStep(once('api'), 2), twice('store')]);

    await alertAt('api');

    expect(done).toEqual(['api to r1', 'store to r1']);
  });

  it('goes on where an attempt died, and tells of those that it finds done', async () => {
    const { done, alertAt, around } = givenGroup(['web', 'api', 'store'].map(twice));
    const first = await alertAt('api');
    const before = [...done];

    const again = await alertAt('api');

    expect(before).toEqual(['web to r1', 'api to r1', 'store to r1']);
    expect(done.slice(before.length)).toEqual(['api to r1']);
    expect(told(again).toSorted()).toEqual(told(first).toSorted());
    expect(decidedOf(again)).toEqual(decidedOf(first));
    expect(around.run.runId).toBe('run-2');
  });

  it('says why a member went back also where its target moved before that was written', async () => {
    const { done, alertAt, around } = givenGroup(['web', 'api', 'store'].map(twice));
    const { changeTarget } = around;
    const written: string[] = [];
    around.changeTarget = async (write) => {
      written.push(write.key);
      // The second one is the end of the way back of `web`.
      return written.length === 2 ? 'target_moved' : changeTarget(write);
    };

    const result = await alertAt('api');

    expect(done).toEqual(['web to r1', 'web to r1', 'api to r1', 'store to r1']);
    expect(decidedOf(result)).toEqual(['web group_failed', 'store group_failed']);
  });

  it('leaves a released member that has nothing to go back to, without a word against it', async () => {
    const first = released(takeAndStep(empty('store'), 2), 2);
    const { done, alertAt } = givenGroup([twice('web'), twice('api'), first]);

    const result = await alertAt('web');

    expect(done).toEqual(['web to r1', 'api to r1']);
    expect(told(result).toSorted()).toEqual(['api SUCCESS', 'web SUCCESS']);
  });
});

const aborted: DeploymentTriggered = {
  phase: 'ABORTED',
  outcome: 'ERROR',
  reason: 'health_unclear',
  environment: 'production',
  service: 'web',
  release: 'r2',
  version: 'v',
  previousRelease: 'r1',
  epoch: 9,
  strategy: 'CANARY',
  step: 1,
  steps: 2,
  weightPercent: 10,
  url: null,
  causes: [],
  objects: null,
};

/** What `web` has after its canary was taken out of traffic. */
function afterReturn(): Target {
  const mover = { runId: 'run-2', generation: 1 };
  const begun = beginReturn(takeAndStep(once('web'), 2), mover);
  const ended = begun.kind === 'moved' ? finishReturn(begun.target, { ...mover, epoch: begun.target.epoch }) : begun;
  if (ended.kind !== 'moved') throw new Error('the traffic was not given back');
  return ended.target;
}

describe('a member that ends without a rollback', () => {
  it('takes its group back by a job of its own', async () => {
    const { done, around, service } = givenGroup([afterReturn(), twice('api'), twice('store')]);

    const heard = await receive(service, { topic: 'deployment_triggered', data: aborted, ...around });
    const timer = heard?.kind === 'end' ? heard.timers?.[0] : undefined;
    const context = aContext('rollback', { ...around, job: { unit: timer?.unit ?? null } });
    const result = await service.tasks?.['group']?.handle(timer?.payload, context);

    expect(timer).toMatchObject({ task: 'group', unit: 'rollback/production/api', bound: false });
    expect(done).toEqual(['api to r1', 'store to r1']);
    expect(result).toMatchObject({ status: 'success', reason: 'group_failed' });
  });

  it.each([
    { what: 'was superseded', change: { outcome: 'CANCELLED' as const, reason: 'superseded' } },
    { what: 'was rolled back', change: { outcome: 'FAILURE' as const, reason: 'rolled_back' } },
    { what: 'is in no group', change: { service: 'docs' } },
  ])('leaves the others alone when it $what', async ({ change }) => {
    const { around, service } = givenGroup([afterReturn(), twice('api'), twice('store')]);

    const heard = await receive(service, { topic: 'deployment_triggered', data: { ...aborted, ...change }, ...around });

    expect(heard?.kind === 'end' ? (heard.timers ?? []) : []).toEqual([]);
  });
});
