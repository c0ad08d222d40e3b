import { describe, expect, it } from '@jest/globals';
import {
  foldEvents,
  planUnits,
  topics,
  type DeploymentPlan,
  type Payloads,
  type Received,
  type Topic,
} from '@orchestra/contracts';
import { jobIdOf } from '../envelope/identity.ts';
import type { RunFacts } from './facts.ts';
import { findInputs, findLeaves } from './find-leaves.ts';
import { whereUnitsStand } from './where-units-stand.ts';

// What the events carry beside what the fold looks at does not matter here.
function event<T extends Topic>(topic: T, subject: string, data: Partial<Payloads[T]>, generation = 1): Received<T> {
  const seconds = { code_push: 1, build_ready: 2, code_analysis: 3, test_results: 4, iac_ready: 5 };
  const at = Reflect.get(seconds, topic) ?? 6;
  const place = { environment: 'production', service: 'web', strategy: 'CANARY' };
  const base = { outcome: 'SUCCESS', reason: null, artifacts: [], causes: [], checks: [], ...place };
  const payload: Payloads[T] = Object.assign(Object.create(null), base, data);
  return {
    topic,
    id: `${topic} ${subject} ${generation} ${JSON.stringify(data)}`,
    runId: 'run-1',
    source: topics[topic].publishers[0],
    subject,
    generation,
    hops: 1,
    causeId: null,
    time: new Date(Date.UTC(2026, 0, 1, 0, generation, Number(at))),
    data: payload,
  };
}

const deployment: Pick<DeploymentPlan, 'environments'> & { services: { name: string }[] } = {
  environments: ['production'],
  services: [{ name: 'web' }],
};
const plannedUnits = planUnits({
  plan: Object.assign(Object.create(null), { gateDeadlineMs: 60_000, deployment }),
  environmentLimit: null,
});

const push = event('code_push', 'gitops', { repository: 'acme/shop', ref: 'refs/heads/main', number: 1 });
const build = event('build_ready', 'build', {});
const source = event('code_analysis', 'code_analysis/source', { unit: 'SOURCE' });
const artifact = event('code_analysis', 'code_analysis/artifact', { unit: 'ARTIFACT' });
const test = event('test_results', 'test', {});
const iac = event('iac_ready', 'iac/production', {});
const untilDeploy = [push, build, source, artifact, test, iac];

function moved(phase: 'STEP' | 'RELEASED' | 'FAILED', reason: string | null = null): Received<Topic> {
  return event('deployment_triggered', 'deploy/production/web', {
    phase,
    reason,
    outcome: null,
    release: 'r1',
    epoch: 2,
  });
}

function leavesOf(events: readonly Received<Topic>[]) {
  const [folded] = foldEvents(events);
  if (folded?.identity === null || folded === undefined) throw new Error('no run');
  const standing = whereUnitsStand(folded, plannedUnits);
  const facts: RunFacts = { folded, identity: folded.identity, plan: null, plannedUnits, standing, events };
  const { jobs, gates } = findLeaves(facts, { identity: 'rebuild-1', now: new Date(0) });
  return {
    jobs: jobs.map(({ service, unit, handler, generation }) => ({ service, unit, handler, generation })),
    gates: gates.map(({ unit, generation, inputs }) => {
      const there = findInputs(facts).map(({ input }) => input.unit);
      return [unit, generation, inputs.filter((input) => there.includes(input) && !standing.unfinished.has(input))];
    }),
    ids: [...jobs, ...gates].map(({ jobId }) => jobId),
  };
}

function unitsOf(events: readonly Received<Topic>[]): string[] {
  return leavesOf(events).jobs.map(({ handler, unit }) => `${handler} → ${unit ?? '-'}`);
}

describe('findLeaves', () => {
  it.each([
    { when: 'only the push was read', events: [push], jobs: ['code_push → build', 'code_push → code_analysis/source'] },
    {
      when: 'the build has ended',
      events: [push, build, source],
      jobs: ['build_ready → code_analysis/artifact', 'build_ready → test'],
    },
    { when: 'everything before the gates has ended', events: untilDeploy, jobs: [] },
    { when: 'a step was made', events: [...untilDeploy, moved('STEP')], jobs: [] },
    {
      when: 'a release is watched',
      events: [...untilDeploy, moved('STEP'), moved('RELEASED')],
      jobs: ['watch → deploy/production/web', 'deployment_triggered → observe/production/web'],
    },
    {
      when: 'a rollout has failed',
      events: [...untilDeploy, moved('FAILED')],
      jobs: [
        'failing → deploy/production/web',
        'deployment_triggered → observe/production/web',
        'deployment_triggered → rollback/production/web',
      ],
    },
  ])('queues what nobody does any more when $when', ({ events, jobs }) => {
    expect(unitsOf(events)).toEqual(jobs);
  });

  it('arms gates with the outcomes that are there, and deploys through its gate also after a step', () => {
    const gates = [
      leavesOf([push, build, source]).gates,
      leavesOf(untilDeploy).gates,
      leavesOf([...untilDeploy, moved('STEP')]).gates,
    ];

    expect(gates).toEqual([
      [
        ['iac/production', 1, ['code_analysis/source']],
        ['deploy/production/web', 1, []],
      ],
      [['deploy/production/web', 1, ['iac/production']]],
      [['deploy/production/web', 1, ['iac/production']]],
    ]);
  });

  it('makes a retried unit and all behind it in the newest generation, with the inputs of the older one', () => {
    const retried = event('test_results', 'test', { outcome: 'SUCCESS' }, 2);
    const failed = event('test_results', 'test', { outcome: 'FAILURE' });
    const skipped = [
      event('iac_ready', 'iac/production', { outcome: 'SKIPPED' }),
      event('deployment_triggered', 'deploy/production/web', { phase: 'ABORTED', outcome: 'SKIPPED', release: null }),
    ];

    const { jobs, gates } = leavesOf([push, build, source, artifact, failed, ...skipped, retried]);

    expect(jobs).toEqual([]);
    expect(gates).toEqual([
      ['iac/production', 2, ['test', 'code_analysis/source', 'code_analysis/artifact']],
      ['deploy/production/web', 2, []],
    ]);
  });

  it('asks for no rollback that was answered, and has nothing to do for a run that has ended', () => {
    const word = event('rollback_event', 'rollback/production/web', { fromRelease: 'r1', toRelease: 'r0' });
    const health = event('deployment_health', 'observe/production/web', { final: true, release: 'r1' });

    expect(unitsOf([...untilDeploy, moved('FAILED'), word, health])).toEqual([]);
  });

  it('gives a job that has told something another id, and a gate that has not its own', () => {
    const [waiting, stepped] = [leavesOf(untilDeploy).ids, leavesOf([...untilDeploy, moved('STEP')]).ids];
    const own = jobIdOf('deploy', 'gate:deploy:run-1:1:deploy/production/web', 'deploy/production/web');

    expect(waiting).toEqual([own]);
    expect(stepped).not.toContain(own);
  });
});
